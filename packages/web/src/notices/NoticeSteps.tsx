import {
  type Language,
  NOTICE_STEP_LABELS,
  type NoticeDetail,
  PROBLEM_CODES,
  problemTexts,
} from '@backcheck/contract';
import type { NoticeStep } from '@backcheck/core';
import { Link } from '@tanstack/react-router';
import { Button, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { useStepNotice } from './use-notices.ts';

/** These are told why; what cannot be undone is asked first. */
const NEEDS_REASON: readonly NoticeStep[] = ['send-back', 'withdraw', 'discard'];
const MAIN: readonly NoticeStep[] = ['submit', 'approve', 'issue'];
/** What happens to the old paper when its replacement is issued. */
const BY_ITSELF: readonly NoticeStep[] = ['supersede'];

interface NoticeStepsProps {
  readonly notice: NoticeDetail;
  readonly editing: boolean;
  readonly onEdit: () => void;
}

/** What the reader may do with it now. */
export function NoticeSteps({ notice, editing, onEdit }: NoticeStepsProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const take = useStepNotice(notice.id);
  const [asked, setAsked] = useState<NoticeStep | null>(null);
  const steps = notice.allowed.filter((one) => !BY_ITSELF.includes(one));
  if (steps.length === 0 && !notice.mayChange) return <Waits notice={notice} />;
  return (
    <>
      <Waits notice={notice} />
      <div className="actions notice-steps">
        {editing ? null : (
          <>
            {steps.map((step) => (
              <Button
                key={step}
                type={MAIN.includes(step) ? 'primary' : 'default'}
                loading={take.isPending && take.variables.step === step}
                onClick={() => setAsked(step)}
              >
                {NOTICE_STEP_LABELS[step][language]}
              </Button>
            ))}
            {notice.mayChange ? <Button onClick={onEdit}>{t('notices.edit')}</Button> : null}
            {notice.allowed.includes('supersede') ? (
              <Link
                className="button-link"
                to="/notices/new"
                search={{ kind: notice.kind, organizationId: notice.organization.id, refersTo: notice.id }}
              >
                {t('notices.follow')}
              </Link>
            ) : null}
          </>
        )}
      </div>
      {take.error === null ? null : <Failure error={take.error} />}
      {asked === null ? null : (
        <StepDialog
          step={asked}
          onTake={(reason) => {
            take.mutate(reason === '' ? { step: asked } : { step: asked, reason });
            setAsked(null);
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

/** Whose turn it is, for whoever can do nothing now. */
function Waits({ notice: { state, reason } }: { readonly notice: NoticeDetail }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <>
      {state === 'submitted' || state === 'approved' ? (
        <p role="status">{t(`notices.waits.${state}`)}</p>
      ) : null}
      {reason === null ? null : (
        <p role="status" className="notice-reason">
          {t('notices.reason')}: {reasonText(reason, language)}
        </p>
      )}
    </>
  );
}

/** A person's words; or the code of the refusal for which a batch gave it up. */
function reasonText(reason: string, language: Language): string {
  const code = PROBLEM_CODES.find((one) => one === reason);
  return code === undefined ? reason : problemTexts(code).title[language];
}

interface StepDialogProps {
  readonly step: NoticeStep;
  readonly onTake: (reason: string) => void;
  readonly onClose: () => void;
}

function StepDialog({ step, onTake, onClose }: StepDialogProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [reason, setReason] = useState('');
  const needsReason = NEEDS_REASON.includes(step);
  return (
    <Modal
      open
      title={NOTICE_STEP_LABELS[step][language]}
      okText={NOTICE_STEP_LABELS[step][language]}
      okButtonProps={{ disabled: needsReason && reason.trim() === '' }}
      onOk={() => onTake(needsReason ? reason.trim() : '')}
      onCancel={onClose}
    >
      <p>{t(`notices.sure.${step}`)}</p>
      {needsReason ? (
        <Field id="step-reason" label={t('notices.reason')}>
          <Input.TextArea
            id="step-reason"
            rows={3}
            maxLength={1000}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
        </Field>
      ) : null}
    </Modal>
  );
}
