import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { useLanguage } from '../i18n/use-language.ts';
import { FieldError } from './TextField.tsx';

/** The first is how it is shown, all may be typed. */
export const DAY_FORMS = {
  zh: ['YYYY年M月D日', 'YYYY-MM-DD', 'YYYY/M/D'],
  en: ['D MMM YYYY', 'YYYY-MM-DD', 'D/M/YYYY'],
};

interface EndDateFieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly error?: string | undefined;
  readonly latest?: 'in a year';
  /** UTC; null: none. */
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

/** A day from today on; its value is the end of that day in the reader's zone. */
export function EndDateField({ id, label, hint, error, latest, value, onChange }: EndDateFieldProps) {
  const language = useLanguage();
  const today = dayjs().startOf('day');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <DatePicker
        id={id}
        format={DAY_FORMS[language]}
        value={value === null ? null : dayjs(value)}
        minDate={today}
        {...(latest === undefined ? {} : { maxDate: today.add(1, 'year').subtract(1, 'day') })}
        placeholder=""
        status={error === undefined ? '' : 'error'}
        aria-invalid={error !== undefined}
        aria-describedby={`${error === undefined ? '' : `${id}-error `}${id}-hint`}
        // Enter takes the day; it must not send the form around it as well.
        onKeyDown={(event) => (event.key === 'Enter' ? event.preventDefault() : undefined)}
        onChange={(day) => onChange(day === null ? null : day.endOf('day').toISOString())}
      />
      <FieldError id={id} error={error} />
      <p id={`${id}-hint`} className="hint">
        {hint}
      </p>
    </div>
  );
}
