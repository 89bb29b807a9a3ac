import { CHINESE_GRADE_LABELS, type ReplyDetail } from '@backcheck/contract';
import { CHINESE_GRADES, type ChineseGrade } from '@backcheck/core';
import { Link } from '@tanstack/react-router';
import { Alert, Checkbox, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Field } from '../ui/Field.tsx';
import { ReviewField } from './ReviewField.tsx';
import { UntilField } from './UntilField.tsx';
import type { DecisionBody } from './use-replies.ts';
import { type Sending, WordsDialog } from './WordsDialog.tsx';

interface DecideDialogProps {
  readonly reply: ReplyDetail;
  readonly sending: Sending;
  readonly onDecide: (body: DecisionBody) => void;
  readonly onClose: () => void;
}

/** Grant or refuse with the reason; of what is granted how long, which grade, and whether its notice is drafted. */
export function DecideDialog({ reply, sending, onDecide, onClose }: DecideDialogProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { kind, ground } = reply;
  const hindered = reply.refused.find(({ step }) => step === 'grant');
  const [until, setUntil] = useState(reply.until);
  const [reviewAt, setReviewAt] = useState<string | null>(null);
  const [grade, setGrade] = useState<ChineseGrade>(reply.grade ?? 'medium');
  const [notApplicable, setNotApplicable] = useState(false);
  const [notice, setNotice] = useState(kind !== 'objection');
  const decide = (text: string, grant: boolean) =>
    onDecide({
      grant,
      text,
      ...(grant && until !== null ? { until } : {}),
      ...(grant && reviewAt !== null ? { reviewAt } : {}),
      ...(grant && ground === 'grade' ? { grade } : {}),
      ...(grant && ground === 'fact' ? { notApplicable } : {}),
      ...(kind === 'objection' ? {} : { notice }),
    });
  return (
    <WordsDialog
      title={t('replies.step.decide')}
      choices={[t('replies.choice.grant'), t('replies.choice.refuse')]}
      onlyNo={hindered !== undefined}
      label={t('replies.decide.text')}
      sending={sending}
      onSend={decide}
      onClose={onClose}
    >
      {(grant) => (
        <>
          {hindered === undefined ? null : <Alert type="info" title={hindered.because[language]} />}
          {grant && kind === 'acceptance' && reply.about.some(({ listed }) => listed) ? (
            <Alert type="warning" showIcon title={t('replies.listedWarning')} />
          ) : null}
          {grant && reply.until !== null ? (
            <UntilField
              id="granted-until"
              label={t('replies.decide.until')}
              value={until}
              after={null}
              latest={reply.until}
              onChange={(chosen) => {
                setUntil(chosen);
                // a day within the time before may lie outside of it now
                setReviewAt(null);
              }}
            />
          ) : null}
          {grant && kind === 'acceptance' && until !== null ? (
            <ReviewField value={reviewAt} until={until} onChange={setReviewAt} />
          ) : null}
          {grant && ground === 'grade' ? <GradeField grade={grade} onChange={setGrade} /> : null}
          {grant && ground === 'fact' ? (
            <Checkbox checked={notApplicable} onChange={({ target }) => setNotApplicable(target.checked)}>
              {t('replies.decide.notApplicable')}
            </Checkbox>
          ) : null}
          {kind === 'objection' ? null : (
            <div>
              <Checkbox checked={notice} onChange={({ target }) => setNotice(target.checked)}>
                {t('replies.decide.notice')}
              </Checkbox>
              <p className="hint">{t('replies.decide.noticeHint')}</p>
            </div>
          )}
        </>
      )}
    </WordsDialog>
  );
}

interface GradeFieldProps {
  readonly grade: ChineseGrade;
  readonly onChange: (grade: ChineseGrade) => void;
}

function GradeField({ grade, onChange }: GradeFieldProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <Field id="granted-grade" label={t('replies.label.grantedGrade')}>
      <Select
        id="granted-grade"
        value={grade}
        options={CHINESE_GRADES.map((value) => ({ value, label: CHINESE_GRADE_LABELS[value][language] }))}
        onChange={onChange}
      />
    </Field>
  );
}

/** After the decision: where its notice is. */
export function DraftedNotice({ id }: { readonly id: string | null }) {
  const { t } = useTranslation();
  if (id === null) return null;
  return (
    <p role="status">
      {t('replies.decide.drafted')}{' '}
      <Link to="/notices/$noticeId" params={{ noticeId: id }}>
        {t('replies.decide.openDraft')}
      </Link>
    </p>
  );
}
