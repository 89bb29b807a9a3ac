import { PARTY_LABELS, type Party } from '@backcheck/contract';
import { Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Field } from '../ui/Field.tsx';
import { DeclaredTime } from './DeclaredTime.tsx';
import { ProfilePicker } from './ProfilePicker.tsx';
import { DECLARING_PARTIES, type Origin } from './upload.ts';

interface OriginFormProps {
  readonly origin: Origin;
  readonly onChange: (part: Partial<Origin>) => void;
}

/** Where the files come from. The preset values are right for most; each says what it changes. */
export function OriginForm({ origin, onChange }: OriginFormProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <details className="origin">
      <summary>{t('origin.title')}</summary>
      <div className="origin-fields">
        <Field id="submitted-by" label={t('origin.submittedBy')} hint={t('origin.submittedByHint')}>
          <Select
            id="submitted-by"
            value={origin.submittedBy}
            options={DECLARING_PARTIES.map((value) => ({ value, label: PARTY_LABELS[value][language] }))}
            onChange={(submittedBy: Party) => onChange({ submittedBy })}
          />
        </Field>
        <Field id="vantage" label={t('origin.vantage')} hint={t('origin.vantageHint')}>
          <Input
            id="vantage"
            value={origin.vantage}
            maxLength={100}
            onChange={({ target }) => onChange({ vantage: target.value })}
          />
        </Field>
        <ProfilePicker
          organizationId={origin.organizationId}
          value={origin.profile}
          onChange={(profile) => onChange({ profile })}
        />
        <DeclaredTime
          prefix="all"
          label={t('origin.declaredAt')}
          hint={t('origin.declaredAtHint')}
          declaredAt={origin.declaredAt}
          declaredBy={origin.declaredBy}
          onChange={onChange}
        />
      </div>
    </details>
  );
}
