import { type CellProblem, cellProblemText, type Field, type RegisterKind, wordsOf } from '@backcheck/core';
import { DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useLanguage } from '../../i18n/use-language.ts';
import { fieldsOf, type Texts } from './record-texts.ts';
import './record.css';

interface RecordFormProps {
  readonly kind: RegisterKind;
  /** Fields that this person may not change. */
  readonly without: readonly string[];
  readonly texts: Texts;
  readonly problems: ReadonlyMap<string, CellProblem>;
  readonly onChange: (key: string, text: string) => void;
}

/** The inputs of one record, as the catalogue has them; what is wrong stands beside its field. */
export function RecordForm({ kind, without, texts, problems, onChange }: RecordFormProps) {
  const fields = fieldsOf(kind).filter(({ key }) => !without.includes(key));
  return (
    <div className="record-form">
      {fields.map((field) => (
        <FormField
          key={field.key}
          field={field}
          text={texts[field.key] ?? ''}
          problem={problems.get(field.key)}
          onChange={(text) => onChange(field.key, text)}
        />
      ))}
    </div>
  );
}

interface FormFieldProps {
  readonly field: Field;
  readonly text: string;
  readonly problem: CellProblem | undefined;
  readonly onChange: (text: string) => void;
}

export const inputId = (key: string): string => `record-${key}`;

const LONG = 1000;
const isWide = ({ type }: Field): boolean => type.kind === 'text' && type.max > LONG;

function FormField({ field, text, problem, onChange }: FormFieldProps) {
  const language = useLanguage();
  const id = inputId(field.key);
  return (
    <div className={isWide(field) ? 'field wide' : 'field'}>
      <label htmlFor={id}>
        {field.label[language]}
        {field.required ? <span className="required"> *</span> : null}
      </label>
      <FieldInput field={field} text={text} wrong={problem !== undefined} onChange={onChange} />
      {problem === undefined ? null : (
        <p id={`${id}-problem`} className="field-problem">
          {cellProblemText(problem)[language]}
        </p>
      )}
    </div>
  );
}

interface FieldInputProps {
  readonly field: Field;
  readonly text: string;
  readonly wrong: boolean;
  readonly onChange: (text: string) => void;
}

function FieldInput({ field, text, wrong, onChange }: FieldInputProps) {
  const language = useLanguage();
  const { key, type, required } = field;
  const id = inputId(key);
  const shared = {
    id,
    'aria-required': required,
    'aria-invalid': wrong,
    ...(wrong ? { status: 'error' as const, 'aria-describedby': `${id}-problem` } : {}),
  };
  const words = wordsOf(field, language);
  if (words !== null) {
    const codes = type.kind === 'choice' ? type.choices.map(({ code }) => code) : ['true', 'false'];
    return (
      <Select
        {...shared}
        allowClear
        value={text === '' ? null : text}
        options={codes.map((value, at) => ({ value, label: words[at] }))}
        onChange={(code: string | undefined) => onChange(code ?? '')}
      />
    );
  }
  if (type.kind === 'date') {
    const day = dayjs(text);
    return (
      <DatePicker
        {...shared}
        value={text !== '' && day.isValid() ? day : null}
        placeholder=""
        onChange={(picked) => onChange(picked?.format('YYYY-MM-DD') ?? '')}
      />
    );
  }
  if (type.kind === 'list' || isWide(field)) {
    return (
      <Input.TextArea
        {...shared}
        autoSize={{ minRows: isWide(field) ? 3 : 1, maxRows: 8 }}
        value={text}
        onChange={({ target }) => onChange(target.value)}
      />
    );
  }
  return (
    <Input
      {...shared}
      inputMode={type.kind === 'integer' ? 'numeric' : 'text'}
      value={text}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}
