import { IDENTIFIER_LABELS } from '@backcheck/contract';
import { type IdentifierKind, identityOf, MAX_BACKENDS } from '@backcheck/core';
import { Button, Input, InputNumber, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { AssetName } from './AssetName.tsx';
import { shortName } from './short-name.ts';
import { useBalancedAssetChanges, useBalancedAssets } from './use-register.ts';

export function BalancedAssets({ organizationId }: { readonly organizationId: string }) {
  const { t } = useTranslation();
  const { data, error } = useBalancedAssets(organizationId);
  const { add, drop } = useBalancedAssetChanges(organizationId);
  const failure = error ?? add.error ?? drop.error;
  return (
    <section className="panel" aria-labelledby="balanced-title">
      <h2 id="balanced-title">{t('assets.settings.balanced')}</h2>
      <p className="hint">{t('assets.settings.balancedHint')}</p>
      <ul className="register">
        {data?.items.map(({ identity, backends }) => (
          <li key={identity}>
            <span>
              <AssetName identity={identity} /> × {backends}
            </span>
            <Button
              size="small"
              aria-label={t('assets.settings.removeNamed', { name: shortName(identity) })}
              loading={drop.isPending && drop.variables === identity}
              onClick={() => drop.mutate(identity)}
            >
              {t('assets.settings.remove')}
            </Button>
          </li>
        ))}
      </ul>
      {data?.items.length === 0 ? <p>{t('assets.settings.balancedNone')}</p> : null}
      <NewBalancedAsset busy={add.isPending} onAdd={add.mutate} />
      {failure === null ? null : <Failure error={failure} />}
    </section>
  );
}

/** What can answer in turn: names in the network, as tools address them. */
const KINDS: readonly IdentifierKind[] = ['fqdn', 'ip', 'url'];

interface NewBalancedAssetProps {
  readonly busy: boolean;
  readonly onAdd: (one: { identity: string; backends: number }, then: { onSuccess: () => void }) => void;
}

function NewBalancedAsset({ busy, onAdd }: NewBalancedAssetProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [kind, setKind] = useState<IdentifierKind>('fqdn');
  const [value, setValue] = useState('');
  const [backends, setBackends] = useState(2);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const identity = identityOf([{ kind, value: value.trim() }]);
    onAdd({ identity, backends }, { onSuccess: () => setValue('') });
  };
  return (
    <form className="register-form" onSubmit={submit}>
      <Field id="balanced-kind" label={t('assets.settings.kind')}>
        <Select
          id="balanced-kind"
          value={kind}
          options={KINDS.map((one) => ({ value: one, label: IDENTIFIER_LABELS[one][language] }))}
          onChange={setKind}
        />
      </Field>
      <Field id="balanced-name" label={t('assets.settings.name')}>
        <Input
          id="balanced-name"
          value={value}
          maxLength={1000}
          placeholder="www.example.org"
          onChange={({ target }) => setValue(target.value)}
        />
      </Field>
      <Field id="balanced-backends" label={t('assets.settings.backends')}>
        <InputNumber
          id="balanced-backends"
          min={2}
          max={MAX_BACKENDS}
          precision={0}
          value={backends}
          onChange={(count) => setBackends(count ?? 2)}
        />
      </Field>
      <Button htmlType="submit" disabled={value.trim() === ''} loading={busy}>
        {t('assets.settings.add')}
      </Button>
    </form>
  );
}
