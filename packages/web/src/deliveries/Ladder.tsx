import { ESCALATION_STATE_LABELS, ESCALATION_STEP_LABELS, type Escalation } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { Button, Input, Modal } from 'antd';
import { Fragment, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/use-access.ts';
import { lastMoment } from '../deadlines/last-moment.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { Moment } from '../ui/Moment.tsx';
import { useDeed } from './use-deliveries.ts';

interface LadderProps {
  readonly noticeId: string;
  readonly steps: readonly Escalation[];
}

/** What happens, or is proposed, as time passes. */
export function Ladder({ noticeId, steps }: LadderProps) {
  const { t } = useTranslation();
  const may = useMay({ object: 'notice', action: 'update' });
  const deed = useDeed(noticeId);
  const [dismissed, setDismissed] = useState<Escalation | null>(null);
  const dates = [...new Set(steps.map(({ dueAt }) => dueAt))];
  return (
    <section className="panel" aria-labelledby="ladder-title">
      <h2 id="ladder-title">{t('deliveries.ladder.title')}</h2>
      <p className="hint">{t('deliveries.ladder.hint')}</p>
      {dates.map((dueAt) => (
        <Fragment key={dueAt}>
          {dates.length === 1 ? null : (
            <h3>
              {t('deliveries.ladder.due')} <Moment at={lastMoment(dueAt)} to="day" />
            </h3>
          )}
          <ol className="rows ladder">
            {steps
              .filter((one) => one.dueAt === dueAt)
              .map((one) => (
                <Rung key={one.id} rung={one}>
                  {may && one.step === 'talk' && one.state === 'proposed' ? (
                    <Button size="small" onClick={() => deed.mutate({ kind: 'done', escalationId: one.id })}>
                      {t('deliveries.ladder.done')}
                    </Button>
                  ) : null}
                  {may && (one.state === 'planned' || one.state === 'proposed') ? (
                    <Button size="small" type="text" onClick={() => setDismissed(one)}>
                      {t('deliveries.ladder.dismiss')}
                    </Button>
                  ) : null}
                </Rung>
              ))}
          </ol>
        </Fragment>
      ))}
      {deed.error === null ? null : <Failure error={deed.error} />}
      {dismissed === null ? null : (
        <DismissDialog noticeId={noticeId} rung={dismissed} onClose={() => setDismissed(null)} />
      )}
    </section>
  );
}

function Rung({ rung, children }: { readonly rung: Escalation; readonly children: ReactNode }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { step, state, plannedAt, changedAt, changedBy, reason, noticeMade } = rung;
  return (
    <li>
      <p className="delivery-line">
        <span>{ESCALATION_STEP_LABELS[step][language]}</span>
        <span className={`rung-state ${state}`}>{ESCALATION_STATE_LABELS[state][language]}</span>
      </p>
      <div className="delivery-line">
        <small>
          <Moment at={state === 'planned' ? plannedAt : (changedAt ?? plannedAt)} />
          {changedBy === null ? null : <> · {changedBy.name}</>}
        </small>
        <span>{children}</span>
      </div>
      {reason === null ? null : <p className="delivery-note">{reason}</p>}
      {noticeMade === null ? null : (
        <p>
          <Link to="/notices/$noticeId" params={{ noticeId: noticeMade }}>
            {t(state === 'proposed' ? 'deliveries.ladder.openDraft' : 'deliveries.ladder.openPaper')}
          </Link>
        </p>
      )}
    </li>
  );
}

interface DismissDialogProps {
  readonly noticeId: string;
  readonly rung: Escalation;
  readonly onClose: () => void;
}

function DismissDialog({ noticeId, rung: { id, step }, onClose }: DismissDialogProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const deed = useDeed(noticeId);
  const [reason, setReason] = useState('');
  return (
    <Modal
      open
      title={t('deliveries.ladder.dismissTitle', { step: ESCALATION_STEP_LABELS[step][language] })}
      okText={t('deliveries.ladder.dismiss')}
      okButtonProps={{ disabled: reason.trim() === '' }}
      confirmLoading={deed.isPending}
      onOk={() =>
        deed.mutate({ kind: 'dismiss', escalationId: id, reason: reason.trim() }, { onSuccess: onClose })
      }
      onCancel={onClose}
    >
      <Field id="dismiss-reason" label={t('deliveries.ladder.reason')}>
        <Input
          id="dismiss-reason"
          maxLength={1000}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
      </Field>
      {deed.error === null ? null : <Failure error={deed.error} />}
    </Modal>
  );
}
