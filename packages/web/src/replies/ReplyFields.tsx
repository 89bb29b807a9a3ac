import {
  CHINESE_GRADE_LABELS,
  DELAY_REASON_LABELS,
  FALSE_POSITIVE_REASON_LABELS,
  FIX_CAUSE_LABELS,
  FIX_CAUSES,
  OBJECTION_GROUND_LABELS,
} from '@backcheck/contract';
import {
  CHINESE_GRADES,
  DELAY_REASONS,
  FALSE_POSITIVE_REASONS,
  type ObjectionGround,
  type ReplyKind,
} from '@backcheck/core';
import { useTranslation } from 'react-i18next';
import { ChoiceField } from '../ui/ChoiceField.tsx';
import { TextField } from '../ui/TextField.tsx';
import { PLAN_WORDS, type ReplyDraft } from './reply-draft.ts';
import { WordsField } from './WordsField.tsx';

interface ReplyFieldsProps {
  readonly kind: ReplyKind;
  readonly grounds: readonly ObjectionGround[];
  readonly draft: ReplyDraft;
  /** Ids of fields. */
  readonly missing: readonly string[];
  readonly onChange: (change: Partial<ReplyDraft>) => void;
}

/** The questions of one kind, in the order in which one thinks of them. */
export function ReplyFields({ kind, grounds, draft, missing, onChange }: ReplyFieldsProps) {
  const { t } = useTranslation();
  const part = { draft, missing, onChange };
  const errorOf = (id: string) => (missing.includes(id) ? t('replies.dialog.missing') : undefined);
  return (
    <>
      {kind === 'objection' ? <Grounds grounds={grounds} {...part} /> : null}
      <Reasons kind={kind} {...part} />
      <WordsField
        id="reply-text"
        label={t(`replies.dialog.text.${kind}`)}
        value={draft.text}
        error={errorOf('reply-text')}
        onChange={(text) => onChange({ text })}
      />
      {kind === 'acceptance' ? (
        <WordsField
          id="reply-control"
          label={t('replies.label.control')}
          value={draft.control}
          error={errorOf('reply-control')}
          onChange={(control) => onChange({ control })}
        />
      ) : null}
      {kind === 'plan' ? <Plan {...part} /> : null}
    </>
  );
}

type PartProps = Omit<ReplyFieldsProps, 'kind' | 'grounds'>;

function Plan({ draft, missing, onChange }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      {PLAN_WORDS.map((name) => (
        <WordsField
          key={name}
          id={`reply-${name}`}
          label={t(`replies.dialog.${name}`)}
          value={draft[name]}
          rows={2}
          onChange={(words) => onChange({ [name]: words })}
        />
      ))}
      <TextField
        id="reply-responsible"
        label={t('replies.label.responsible')}
        hint={t('replies.dialog.personHint')}
        maxLength={200}
        value={draft.responsible}
        error={missing.includes('reply-responsible') ? t('replies.dialog.missing') : undefined}
        onChange={(responsible) => onChange({ responsible })}
      />
    </>
  );
}

function Grounds({ grounds, draft, missing, onChange }: PartProps & Pick<ReplyFieldsProps, 'grounds'>) {
  const { t } = useTranslation();
  const errorOf = (id: string) => (missing.includes(id) ? t('replies.dialog.missing') : undefined);
  return (
    <>
      <ChoiceField
        id="reply-ground"
        label={t('replies.label.ground')}
        hint={draft.ground === 'owner' ? t('replies.dialog.ownerHint') : undefined}
        error={errorOf('reply-ground')}
        value={draft.ground}
        among={grounds}
        labels={OBJECTION_GROUND_LABELS}
        onChange={(ground) => onChange({ ground })}
      />
      {draft.ground === 'grade' ? (
        <ChoiceField
          id="reply-grade"
          label={t('replies.label.grade')}
          error={errorOf('reply-grade')}
          value={draft.grade}
          among={CHINESE_GRADES}
          labels={CHINESE_GRADE_LABELS}
          onChange={(grade) => onChange({ grade })}
        />
      ) : null}
    </>
  );
}

function Reasons({ kind, draft, missing, onChange }: PartProps & Pick<ReplyFieldsProps, 'kind'>) {
  const { t } = useTranslation();
  const error = missing.includes('reply-reason') ? t('replies.dialog.missing') : undefined;
  if (kind === 'plan')
    return (
      <ChoiceField
        id="reply-reason"
        optional
        label={t('replies.dialog.cause')}
        value={draft.cause}
        among={FIX_CAUSES}
        labels={FIX_CAUSE_LABELS}
        onChange={(cause) => onChange({ cause })}
      />
    );
  if (kind === 'extension')
    return (
      <ChoiceField
        id="reply-reason"
        label={t('replies.label.delay')}
        error={error}
        value={draft.delay}
        among={DELAY_REASONS}
        labels={DELAY_REASON_LABELS}
        onChange={(delay) => onChange({ delay })}
      />
    );
  if (kind !== 'false-positive') return null;
  return (
    <ChoiceField
      id="reply-reason"
      label={t('replies.label.falsePositive')}
      error={error}
      value={draft.wrong}
      among={FALSE_POSITIVE_REASONS}
      labels={FALSE_POSITIVE_REASON_LABELS}
      onChange={(wrong) => onChange({ wrong })}
    />
  );
}
