import type { Reply, ReplyOffer } from '@backcheck/contract';
import { Button, Modal } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EvidenceFiles } from '../evidence/EvidenceUpload.tsx';
import { useEvidence } from '../evidence/use-evidence.ts';
import { Failure } from '../ui/Failure.tsx';
import { focusField } from '../ui/TextField.tsx';
import { Reach } from './Reach.tsx';
import { ReplyFields } from './ReplyFields.tsx';
import { EMPTY_REPLY, hasUntil, missingOf, type ReplyDraft, replyOf } from './reply-draft.ts';
import { UntilField } from './UntilField.tsx';
import { type About, useReach } from './use-reach.ts';
import { useMakeReply } from './use-replies.ts';

interface ReplyDialogProps {
  readonly offer: Pick<ReplyOffer, 'kind' | 'grounds' | 'before' | 'latest'>;
  readonly about: About;
  readonly onClose: () => void;
}

/** One short form for each kind of reply; afterwards, what happens next. */
export function ReplyDialog({ offer, about, onClose }: ReplyDialogProps) {
  const { t } = useTranslation();
  const { kind, grounds, before, latest } = offer;
  const form = useId();
  const make = useMakeReply();
  const [draft, setDraft] = useState(EMPTY_REPLY);
  // Two fields may change before the form is drawn again.
  const change = (part: Partial<ReplyDraft>) => setDraft((now) => ({ ...now, ...part }));
  const evidence = useEvidence();
  const [tried, setTried] = useState(false);
  const reach = useReach(kind, draft, about);
  const missing = tried ? missingOf(kind, draft) : [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const [first] = missingOf(kind, draft);
    if (first !== undefined) return focusField(first);
    // One that failed says so at its place; it is sent again or removed first.
    if (evidence.files.some(({ step }) => step.is === 'failed')) return;
    if (!reach.ready) return;
    make.mutate(async () =>
      replyOf(kind, draft, { findingIds: [...reach.findingIds], uploadIds: await evidence.settled() }),
    );
  };
  if (make.data !== undefined) return <Sent reply={make.data} onClose={onClose} />;
  return (
    <Modal
      open
      width={640}
      title={t(`replies.panel.do.${kind}`)}
      okText={
        reach.preview === null
          ? t('replies.dialog.send')
          : t('replies.several.send', { count: reach.findingIds.length })
      }
      okButtonProps={{ htmlType: 'submit', form, disabled: !reach.ready }}
      confirmLoading={make.isPending}
      onCancel={onClose}
    >
      <form id={form} className="steps" noValidate onSubmit={submit}>
        {reach.preview === null ? null : <Reach of={reach.preview} />}
        {reach.error === null ? null : <Failure error={reach.error} />}
        <ReplyFields kind={kind} grounds={grounds} draft={draft} missing={missing} onChange={change} />
        {hasUntil(kind, draft) ? (
          <UntilField
            id="reply-until"
            label={t(`replies.label.until.${UNTIL_LABELS[kind] ?? 'other'}`)}
            value={draft.until}
            after={before}
            latest={latest}
            error={missing.includes('reply-until') ? t('replies.dialog.missing') : undefined}
            onChange={(until) => change({ until })}
          />
        ) : null}
        <EvidenceFiles evidence={evidence} label={t('replies.dialog.files')} />
        {make.error === null ? null : <Failure error={make.error} />}
      </form>
    </Modal>
  );
}

const UNTIL_LABELS: Partial<Record<Reply['kind'], 'plan' | 'extension' | 'objection'>> = {
  plan: 'plan',
  extension: 'extension',
  objection: 'objection',
};

/** What happens next, in place of the form. */
function Sent({ reply: { kind, state }, onClose }: { readonly reply: Reply; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const next = state === 'drafted' ? 'acceptanceDrafted' : kind;
  return (
    <Modal
      open
      title={t('replies.dialog.sent')}
      footer={
        <Button type="primary" onClick={onClose}>
          {t('replies.dialog.close')}
        </Button>
      }
      onCancel={onClose}
    >
      <p role="status">{t(`replies.dialog.next.${next}`)}</p>
    </Modal>
  );
}
