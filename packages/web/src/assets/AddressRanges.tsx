import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { useAddressRangeChanges, useAddressRanges } from './use-register.ts';

export function AddressRanges({ organizationId }: { readonly organizationId: string }) {
  const { t } = useTranslation();
  const { data, error } = useAddressRanges(organizationId);
  const { add, drop } = useAddressRangeChanges(organizationId);
  const [cidr, setCidr] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(cidr.trim(), { onSuccess: () => setCidr('') });
  };
  const failure = error ?? add.error ?? drop.error;
  return (
    <section className="panel" aria-labelledby="dhcp-title">
      <h2 id="dhcp-title">{t('assets.settings.dhcp')}</h2>
      <p className="hint">{t('assets.settings.dhcpHint')}</p>
      <ul className="register">
        {data?.items.map((one) => (
          <li key={one.cidr}>
            <code>{one.cidr}</code>
            <Button
              size="small"
              aria-label={t('assets.settings.removeNamed', { name: one.cidr })}
              loading={drop.isPending && drop.variables === one.cidr}
              onClick={() => drop.mutate(one.cidr)}
            >
              {t('assets.settings.remove')}
            </Button>
          </li>
        ))}
      </ul>
      {data?.items.length === 0 ? <p>{t('assets.settings.dhcpNone')}</p> : null}
      <form className="register-form" onSubmit={submit}>
        <Field id="dhcp-range" label={t('assets.settings.range')}>
          <Input
            id="dhcp-range"
            value={cidr}
            maxLength={50}
            placeholder="192.0.2.0/24"
            onChange={({ target }) => setCidr(target.value)}
          />
        </Field>
        <Button htmlType="submit" disabled={cidr.trim() === ''} loading={add.isPending}>
          {t('assets.settings.add')}
        </Button>
      </form>
      {failure === null ? null : <Failure error={failure} />}
    </section>
  );
}
