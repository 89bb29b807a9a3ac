import type { PolicyContent } from '@backcheck/contract';
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../ui/Field.tsx';
import { FieldError } from '../ui/TextField.tsx';
import { readPolicy } from './policy-draft.ts';

interface PolicyJsonProps {
  readonly content: PolicyContent;
  readonly onChange: (content: PolicyContent) => void;
}

/** All of it as text; what is no policy yet stays in the box and changes nothing. */
export function PolicyJson({ content, onChange }: PolicyJsonProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const read = typed === null ? null : readPolicy(typed);
  const wrong = read !== null && 'place' in read ? read.place : null;
  const type = (text: string) => {
    const policy = readPolicy(text);
    const isPolicy = !('place' in policy);
    setTyped(isPolicy ? null : text);
    if (isPolicy) onChange(policy);
  };
  return (
    <details>
      <summary>{t('deadlines.draft.json')}</summary>
      <Field id="draft-json" label={t('deadlines.draft.jsonLabel')}>
        <Input.TextArea
          id="draft-json"
          className="draft-json"
          autoSize={{ minRows: 12, maxRows: 30 }}
          spellCheck={false}
          value={typed ?? JSON.stringify(content, null, 2)}
          onChange={({ target }) => type(target.value)}
        />
        <FieldError
          id="draft-json"
          error={
            wrong === null
              ? undefined
              : wrong === ''
                ? t('deadlines.draft.jsonWrong')
                : t('deadlines.draft.invalid', { place: wrong })
          }
        />
      </Field>
    </details>
  );
}
