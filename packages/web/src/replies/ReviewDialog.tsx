import type { ReplyDetail } from '@backcheck/contract';
import { Alert } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ReviewField } from './ReviewField.tsx';
import type { StepCall } from './use-replies.ts';
import { type Sending, WordsDialog } from './WordsDialog.tsx';

interface ReviewDialogProps {
  readonly reply: ReplyDetail;
  readonly sending: Sending;
  readonly onTake: (call: StepCall) => void;
  readonly onClose: () => void;
}

/** A borne risk still holds: why, and when it is looked at next. */
export function ReviewDialog({ reply, sending, onTake, onClose }: ReviewDialogProps) {
  const { t } = useTranslation();
  const { about, decision } = reply;
  const [reviewAt, setReviewAt] = useState<string | null>(null);
  const until = decision?.until ?? null;
  return (
    <WordsDialog
      title={t('replies.step.review')}
      hint={t('replies.review.hint')}
      label={t('replies.review.text')}
      sending={sending}
      onSend={(text) =>
        onTake({ path: 'review', body: { text, ...(reviewAt === null ? {} : { reviewAt }) } })
      }
      onClose={onClose}
    >
      {() => (
        <>
          {about.some(({ listed }) => listed) ? (
            <Alert type="warning" showIcon title={t('replies.listedWarning')} />
          ) : null}
          {until === null ? null : <ReviewField value={reviewAt} until={until} onChange={setReviewAt} />}
        </>
      )}
    </WordsDialog>
  );
}
