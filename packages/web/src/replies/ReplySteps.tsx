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
import { WordsDialog } from './WordsDialog.tsx';

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
  const close = () => setOpen(null);
  const may = new Set(reply.may.flatMap((one) => (one === 'add-evidence' ? [] : [actOf(one, reply.kind)])));
  const because = [...new Set(reply.refused.map((one) => one.because[language]))];
  const take = (call: StepCall) => {
    step.mutate(call);
    close();
  };
  return (
    <section className="block" aria-label={t('replies.step.decide')}>
      <div className="actions">
        {ACTS.filter((act) => may.has(act)).map((act) => (
          <Button key={act} type={MAIN.includes(act) ? 'primary' : 'default'} onClick={() => setOpen(act)}>
            {t(`replies.step.${act}`)}
          </Button>
        ))}
      </div>
      {because.length === 0 || may.has('decide') ? null : (
        <Alert type="info" title={t('replies.decide.cannot')} description={because.join(' ')} />
      )}
      {step.error === null ? null : <Failure error={step.error} />}
      {decide.error === null ? null : <Failure error={decide.error} />}
      <DraftedNotice id={decide.data?.draftedNoticeId ?? null} />
      <StepDialog act={open} onTake={take} onClose={close} />
      {open === 'review' ? <ReviewDialog reply={reply} onTake={take} onClose={close} /> : null}
      {open === 'decide' ? (
        <DecideDialog
          reply={reply}
          onDecide={(body) => {
            decide.mutate(body);
            close();
          }}
          onClose={close}
        />
      ) : null}
    </section>
  );
}

interface StepDialogProps {
  readonly act: Act | null;
  readonly onTake: (call: StepCall) => void;
  readonly onClose: () => void;
}

function StepDialog({ act, onTake, onClose }: StepDialogProps) {
  const { t } = useTranslation();
  if (act === null || act === 'decide' || act === 'review') return null;
  const title = t(`replies.step.${act}`);
  if (act === 'sign')
    return (
      <Modal open title={title} okText={title} onOk={() => onTake({ path: 'sign' })} onCancel={onClose}>
        <p>{t('replies.sure.sign')}</p>
      </Modal>
    );
  if (act === 'withdraw' || act === 'revoke')
    return (
      <WordsDialog
        title={title}
        hint={t(`replies.sure.${act}`)}
        label={t('replies.decide.because')}
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
