import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { Field } from '../ui/Field.tsx';
import { offsetOf } from '../ui/instant.ts';

/** What a person may type; the offset is then added to it. */
const TYPED = 'YYYY-MM-DD HH:mm';

interface MomentFieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  /** UTC; null: none. */
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
}

/** A moment, picked in the reader's zone, whose offset is shown. */
export function MomentField({ id, label, hint, value, onChange }: MomentFieldProps) {
  const picked = value === null ? null : dayjs(value);
  return (
    <Field id={id} label={label} hint={hint}>
      <DatePicker
        id={id}
        showTime={{ format: 'HH:mm' }}
        format={[`${TYPED} [${offsetOf((picked ?? dayjs()).toDate())}]`, TYPED]}
        value={picked}
        placeholder=""
        onChange={(moment) => onChange(moment === null ? null : moment.toISOString())}
      />
    </Field>
  );
}
