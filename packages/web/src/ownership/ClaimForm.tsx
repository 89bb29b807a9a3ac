import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { useClaimChanges } from './use-ownership.ts';

/** An address or a range begins with a digit and has a slash or dots of digits only, or has colons. */
const kindOf = (value: string) => (/^[0-9.]+(\/\d+)?$|:/.test(value) ? 'range' : 'domain');

export function ClaimForm({ organizationId }: { readonly organizationId: string }) {
  const { t } = useTranslation();
  const { claim } = useClaimChanges();
  const [value, setValue] = useState('');
  const [note, setNote] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    claim.mutate(
      { organizationId, kind: kindOf(value.trim()), value: value.trim(), note: note.trim() },
      {
        onSuccess: () => {
          setValue('');
          setNote('');
        },
      },
    );
  };
  return (
    <form className="claim-form" onSubmit={submit}>
      <Field id="claim-value" label={t('ownership.claims.value')} hint={t('ownership.claims.valueHint')}>
        <Input
          id="claim-value"
          maxLength={300}
          value={value}
          onChange={({ target }) => setValue(target.value)}
        />
      </Field>
      <Field id="claim-note" label={t('ownership.claims.note')}>
        <Input
          id="claim-note"
          maxLength={1000}
          value={note}
          onChange={({ target }) => setNote(target.value)}
        />
      </Field>
      <Button
        htmlType="submit"
        disabled={value.trim() === '' || note.trim() === ''}
        loading={claim.isPending}
      >
        {t('ownership.claims.add')}
      </Button>
      {claim.error === null ? null : <Failure error={claim.error} />}
    </form>
  );
}
