import type { ReplyDetail } from '@backcheck/contract';
import type { TakenStep } from '@backcheck/core';
import { Alert, Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { DecideDialog, DraftedNotice } from './DecideDialog.tsx';
import { ReviewDialog } from './ReviewDialog.tsx';
import { type StepCall, useDecideReply, useReplyStep } from './use-replies.ts';
import { type Sending, WordsDialog } from './WordsDialog.tsx';

type Act = 'sign' | 'opine' | 'decide' | 'verify' | 'review' | 'withdraw' | 'revoke';
const ACTS = ['sign', 'decide', 'verify', 'review', 'opine', 'withdraw', 'revoke'] as const;
const MAIN: readonly Act[] = ['sign', 'decide', 'verify', 'review'];

/** Grant and refuse are one act with two ends; what is filed is verified or sent back. */
function actOf(step: TakenStep, kind: ReplyDetail['kind']): Act {
  if (step !== 'grant' && step !== 'refuse') return step;
  return kind === 'plan' || kind === 'interim' ? 'verify' : 'decide';
}

/** What the reader may do with it now, and why not where it is their turn and not theirs to do. */
export function ReplySteps({ reply }: { readonly reply: ReplyDetail }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const step = useReplyStep(reply.id);
  const decide = useDecideReply(reply.id);
  const [open, setOpen] = useState<Act | null>(null);
  const turnTo = (act: Act | null) => {
    for (const one of [step, decide]) if (one.isError) one.reset();
    setOpen(act);
  };
  const close = () => turnTo(null);
  // another dialog may be open by the time that this is done
  const onSuccess = () => setOpen((now) => (now === open ? null : now));
  const may = new Set(reply.may.flatMap((one) => (one === 'add-evidence' ? [] : [actOf(one, reply.kind)])));
  const because = [...new Set(reply.refused.map((one) => one.because[language]))];
  const take = (call: StepCall) => step.mutate(call, { onSuccess });
  const taking = { pending: step.isPending, error: step.error };
  // of a dialog that was closed before its answer came
  const left = open === null ? (step.error ?? decide.error) : null;
  return (
    <section className="block" aria-label={t('replies.step.decide')}>
      <div className="actions">
        {ACTS.filter((act) => may.has(act)).map((act) => (
          <Button key={act} type={MAIN.includes(act) ? 'primary' : 'default'} onClick={() => turnTo(act)}>
            {t(`replies.step.${act}`)}
          </Button>
        ))}
      </div>
      {because.length === 0 || may.has('decide') ? null : (
        <Alert type="info" title={t('replies.decide.cannot')} description={because.join(' ')} />
      )}
      {left === null ? null : <Failure error={left} />}
      <DraftedNotice id={decide.data?.draftedNoticeId ?? null} />
      <StepDialog act={open} sending={taking} onTake={take} onClose={close} />
      {open === 'review' ? (
        <ReviewDialog reply={reply} sending={taking} onTake={take} onClose={close} />
      ) : null}
      {open === 'decide' ? (
        <DecideDialog
          reply={reply}
          sending={{ pending: decide.isPending, error: decide.error }}
          onDecide={(body) => decide.mutate(body, { onSuccess })}
          onClose={close}
        />
      ) : null}
    </section>
  );
}

interface StepDialogProps {
  readonly act: Act | null;
  readonly sending: Sending;
  readonly onTake: (call: StepCall) => void;
  readonly onClose: () => void;
}

function StepDialog({ act, sending, onTake, onClose }: StepDialogProps) {
  const { t } = useTranslation();
  if (act === null || act === 'decide' || act === 'review') return null;
  const title = t(`replies.step.${act}`);
  if (act === 'sign')
    return (
      <Modal
        open
        title={title}
        okText={title}
        confirmLoading={sending.pending}
        onOk={() => onTake({ path: 'sign' })}
        onCancel={onClose}
      >
        <p>{t('replies.sure.sign')}</p>
        {sending.error === null ? null : <Failure error={sending.error} />}
      </Modal>
    );
  if (act === 'withdraw' || act === 'revoke')
    return (
      <WordsDialog
        title={title}
        hint={t(`replies.sure.${act}`)}
        label={t('replies.decide.because')}
        sending={sending}
        onSend={(because) => onTake({ path: act, body: { because } })}
        onClose={onClose}
      />
    );
  const [yes, no] =
    act === 'opine' ? (['inFavour', 'against'] as const) : (['verified', 'sentBack'] as const);
  return (
    <WordsDialog
      title={title}
      choices={[t(`replies.choice.${yes}`), t(`replies.choice.${no}`)]}
      label={t('replies.decide.text')}
      sending={sending}
      onSend={(text, chosen) =>
        onTake(
          act === 'opine'
            ? { path: 'opinion', body: { inFavour: chosen, text } }
            : { path: 'verify', body: { verified: chosen, text } },
        )
      }
      onClose={onClose}
    />
  );
}
