import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { useLanguage } from '../i18n/use-language.ts';
import { DAY_FORMS } from '../ui/EndDateField.tsx';
import { FieldError } from '../ui/TextField.tsx';

interface UntilFieldProps {
  readonly id: string;
  readonly label: string;
  /** UTC; the first moment after the chosen day. */
  readonly value: string | null;
  /** The day must end after this moment; null: after now. */
  readonly after: string | null;
  /** The day must end at this moment at the latest; null: whenever. */
  readonly latest: string | null;
  readonly error?: string | undefined;
  readonly onChange: (value: string | null) => void;
}

/** The last day on which something holds. Only days that the server would take can be chosen. */
export function UntilField({ id, label, value, after, latest, error, onChange }: UntilFieldProps) {
  const language = useLanguage();
  const first = dayjs(after ?? undefined).startOf('day');
  const last = latest === null ? {} : { maxDate: dayjs(latest).startOf('day').subtract(1, 'day') };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <DatePicker
        id={id}
        format={DAY_FORMS[language]}
        value={value === null ? null : dayjs(value).subtract(1, 'millisecond')}
        minDate={first}
        {...last}
        placeholder=""
        status={error === undefined ? '' : 'error'}
        aria-invalid={error !== undefined}
        aria-describedby={error === undefined ? undefined : `${id}-error`}
        // Enter takes the day; it must not send the form around it as well.
        onKeyDown={(event) => (event.key === 'Enter' ? event.preventDefault() : undefined)}
        onChange={(day) => onChange(day === null ? null : day.startOf('day').add(1, 'day').toISOString())}
      />
      <FieldError id={id} error={error} />
    </div>
  );
}
