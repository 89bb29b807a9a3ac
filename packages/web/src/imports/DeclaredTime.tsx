import { PARTY_LABELS, type Party } from '@backcheck/contract';
import { DatePicker, Select } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Field } from '../ui/Field.tsx';
import { offsetOf } from '../ui/instant.ts';
import { DECLARING_PARTIES, type Origin } from './upload.ts';

type Declaration = Pick<Origin, 'declaredAt' | 'declaredBy'>;

/** What a person may type; the offset is then added to it. */
const TYPED = 'YYYY-MM-DD HH:mm';

interface DeclaredTimeProps extends Declaration {
  /** Keeps the ids of several of these on one page apart. */
  readonly prefix: string;
  readonly label: string;
  readonly hint: string;
  readonly onChange: (part: Partial<Declaration>) => void;
}

/** A time and who stands for it. Picked in the reader's zone, whose offset is shown; sent as UTC. */
export function DeclaredTime({ prefix, label, hint, declaredAt, declaredBy, onChange }: DeclaredTimeProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const picked = declaredAt === null ? null : dayjs(declaredAt);
  return (
    <>
      <Field id={`${prefix}-declared-at`} label={label} hint={hint}>
        <DatePicker
          id={`${prefix}-declared-at`}
          showTime={{ format: 'HH:mm' }}
          format={[`${TYPED} [${offsetOf((picked ?? dayjs()).toDate())}]`, TYPED]}
          value={picked}
          maxDate={dayjs()}
          placeholder={t('origin.pickTime')}
          onChange={(value) => onChange({ declaredAt: value === null ? null : value.toISOString() })}
        />
      </Field>
      {declaredAt === null ? null : (
        <Field id={`${prefix}-declared-by`} label={t('origin.declaredBy')} hint={t('origin.declaredByHint')}>
          <Select
            id={`${prefix}-declared-by`}
            value={declaredBy}
            options={DECLARING_PARTIES.map((value) => ({ value, label: PARTY_LABELS[value][language] }))}
            onChange={(value: Party) => onChange({ declaredBy: value })}
          />
        </Field>
      )}
    </>
  );
}
