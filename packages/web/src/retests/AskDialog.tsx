import { Checkbox, Modal } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEvidence } from '../evidence/use-evidence.ts';
import { Failure } from '../ui/Failure.tsx';
import { focusField } from '../ui/TextField.tsx';
import { ClaimFields } from './ClaimFields.tsx';
import { type ClaimDraft, claimOf, EMPTY_CLAIM, missingOf } from './claim-draft.ts';
import { PlanPreview } from './PlanPreview.tsx';
import { useAskForRetest, useRetestPlan } from './use-retests.ts';

interface AskDialogProps {
  /** All of one organization. */
  readonly findingIds: readonly string[];
  /** Whether the one who asks is likely to say that it is fixed. */
  readonly claimsFirst: boolean;
  readonly onClose: () => void;
  /** Gets the id of the retest. */
  readonly onAsked: (retestId: string) => void;
}

/** "It is fixed" with what was done, and the retest that is to prove it; or the retest alone. */
export function AskDialog({ findingIds, claimsFirst, onClose, onAsked }: AskDialogProps) {
  const { t } = useTranslation();
  const ask = useAskForRetest();
  const form = useId();
  const [claims, setClaims] = useState(claimsFirst);
  const [draft, setDraft] = useState(EMPTY_CLAIM);
  // Two fields may change before the form is drawn again.
  const change = (part: Partial<ClaimDraft>) => setDraft((before) => ({ ...before, ...part }));
  const evidence = useEvidence();
  const [tried, setTried] = useState(false);
  const plan = useRetestPlan(findingIds).data;
  // The request goes all the same: the coordinator has to see what cannot be looked at.
  const canLook = plan === undefined || plan.tasks.some(({ authorizationId }) => authorizationId !== null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const [first] = claims ? missingOf(draft) : [];
    if (first !== undefined) return focusField(first);
    // One that failed says so at its place; it is sent again or removed first.
    if (claims && evidence.files.some(({ step }) => step.is === 'failed')) return;
    const claim = async () => claimOf(draft, findingIds, await evidence.settled());
    ask.mutate(
      { claim: claims ? claim : null, request: { findingIds: [...findingIds] } },
      { onSuccess: ({ id }) => onAsked(id) },
    );
  };
  return (
    <Modal
      open
      width={640}
      title={t('retests.ask.title')}
      okText={t(claims ? (canLook ? 'retests.ask.claimAndAsk' : 'retests.ask.claim') : 'retests.ask.ask')}
      okButtonProps={{ htmlType: 'submit', form }}
      confirmLoading={ask.isPending}
      onCancel={onClose}
    >
      <form id={form} className="steps" noValidate onSubmit={submit}>
        <Checkbox checked={claims} onChange={({ target }) => setClaims(target.checked)}>
          {t('retests.ask.isFixed')}
        </Checkbox>
        {claims ? (
          <ClaimFields
            draft={draft}
            evidence={evidence}
            missing={tried ? missingOf(draft) : []}
            onChange={change}
          />
        ) : null}
        <PlanPreview findingIds={findingIds} />
        {ask.error === null ? null : <Failure error={ask.error} />}
      </form>
    </Modal>
  );
}
