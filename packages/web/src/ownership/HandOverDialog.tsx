import type { QueueItem } from '@backcheck/contract';
import { Input, Modal } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { shortName } from '../assets/short-name.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { suggestedGifts } from './suggested-gifts.ts';
import { type Gift, useHandOver } from './use-ownership.ts';

/** An asset to give; the suggested owner is offered first. */
export type ToGive = Pick<QueueItem, 'asset' | 'guess'>;

interface HandOverDialogProps {
  readonly asset: ToGive;
  readonly onClose: () => void;
}

/** One asset, to whom the person chooses. */
export function HandOverDialog({ asset: { asset, guess }, onClose }: HandOverDialogProps) {
  const { t } = useTranslation();
  const [to, setTo] = useState(guess?.id);
  const gifts = to === undefined ? [] : [{ organizationId: to, assetIds: [asset.id] }];
  return (
    <GiveDialog
      title={t('ownership.handOver.title', { name: shortName(asset.identity) })}
      gifts={gifts}
      standardNote={guess !== null && to === guess.id}
      onClose={onClose}
    >
      <Field
        id="hand-over-to"
        label={t('ownership.handOver.to')}
        {...(guess !== null && to === guess.id ? { hint: t('ownership.handOver.suggested') } : {})}
      >
        <OrganizationSelect
          id="hand-over-to"
          value={to}
          placeholder={t('organization.choose')}
          onChange={setTo}
        />
      </Field>
    </GiveDialog>
  );
}

interface HandOverManyProps {
  readonly items: readonly QueueItem[];
  readonly onClose: () => void;
}

/** Many at once, each to its suggested owner. */
export function HandOverMany({ items, onClose }: HandOverManyProps) {
  const { t } = useTranslation();
  const gifts = suggestedGifts(items);
  return (
    <GiveDialog
      title={t('ownership.handOver.titleMany', { count: items.length })}
      gifts={gifts}
      standardNote
      onClose={onClose}
    >
      <ul className="receivers">
        {gifts.map(({ organizationId, assetIds }) => (
          <li key={organizationId}>
            <OrganizationName of={{ id: organizationId, name: '' }} /> <strong>{assetIds.length}</strong>
          </li>
        ))}
      </ul>
    </GiveDialog>
  );
}

interface GiveDialogProps {
  readonly title: string;
  readonly gifts: readonly Gift[];
  /** The claims are the reason, unless the person writes another one. */
  readonly standardNote: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function GiveDialog({ title, gifts, standardNote, onClose, children }: GiveDialogProps) {
  const { t } = useTranslation();
  const give = useHandOver();
  const [typed, setTyped] = useState<string | null>(null);
  const note = typed ?? (standardNote ? t('ownership.handOver.standard') : '');
  const refused = give.data?.filter(({ outcome }) => outcome !== 'handed-over') ?? [];
  const done = give.data !== undefined;
  const submit = () =>
    give.mutate(
      { gifts, note: note.trim() },
      {
        onSuccess: (outcomes) => {
          if (outcomes.every(({ outcome }) => outcome === 'handed-over')) onClose();
        },
      },
    );
  return (
    <Modal
      open
      title={title}
      okText={t('ownership.handOver.save')}
      okButtonProps={{ disabled: done || gifts.length === 0 || note.trim() === '' }}
      confirmLoading={give.isPending}
      onOk={submit}
      onCancel={onClose}
    >
      <div className="decision">
        {children}
        <section className="happens" aria-label={t('assets.dialog.happens')}>
          <h3>{t('assets.dialog.happens')}</h3>
          <ul>
            <li>{t('ownership.handOver.moves')}</li>
            <li>{t('ownership.handOver.papers')}</li>
            <li>{t('ownership.handOver.keeps')}</li>
          </ul>
        </section>
        <Field
          id="hand-over-note"
          label={t('ownership.handOver.reason')}
          hint={t('ownership.handOver.reasonHint')}
        >
          <Input
            id="hand-over-note"
            maxLength={1000}
            value={note}
            onChange={({ target }) => setTyped(target.value)}
          />
        </Field>
        {give.error === null ? null : <Failure error={give.error} />}
        {refused.length === 0 ? null : (
          <div role="status">
            <p>{t('ownership.queue.refused', { count: refused.length })}</p>
            <ul>
              {[...new Set(refused.map(({ outcome }) => outcome))].map((outcome) =>
                outcome === 'handed-over' ? null : (
                  <li key={outcome}>{t(`ownership.queue.refusals.${outcome}`)}</li>
                ),
              )}
            </ul>
          </div>
        )}
      </div>
    </Modal>
  );
}
