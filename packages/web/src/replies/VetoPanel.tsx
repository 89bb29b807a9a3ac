import type { VetoedCheck } from '@backcheck/contract';
import { Button } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { useMay } from '../app/use-access.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { isComplete, TextField } from '../ui/TextField.tsx';
import { useLiftVeto, useVeto, useVetoes } from './use-vetoes.ts';

/** For the lead: checks whose risk nobody may accept, at a node and all below it. */
export function VetoPanel() {
  const may = useMay({ object: 'policy', action: 'approve' });
  return may ? <Panel /> : null;
}

function Panel() {
  const { t } = useTranslation();
  const { data, error } = useVetoes();
  const lift = useLiftVeto();
  const items = data?.items ?? [];
  return (
    <details className="panel veto">
      <summary>{t('replies.veto.title', { count: items.length })}</summary>
      <p className="hint">{t('replies.veto.lead')}</p>
      {error === null ? null : <Failure error={error} />}
      {lift.error === null ? null : <Failure error={lift.error} />}
      <ul className="rows">
        {items.map((one) => (
          <Vetoed key={one.id} veto={one} onLift={() => lift.mutate(one.id)} />
        ))}
      </ul>
      <VetoForm />
    </details>
  );
}

function Vetoed({ veto, onLift }: { readonly veto: VetoedCheck; readonly onLift: () => void }) {
  const { t } = useTranslation();
  const { check, reason, organizationId } = veto;
  return (
    <li>
      <code className="identifier">{check}</code> {reason}{' '}
      <small>
        {organizationId === null ? (
          t('replies.veto.everywhere')
        ) : (
          <OrganizationName of={{ id: organizationId, name: '' }} />
        )}
      </small>{' '}
      <Button size="small" aria-label={t('replies.veto.liftNamed', { check })} onClick={onLift}>
        {t('replies.veto.lift')}
      </Button>
    </li>
  );
}

const EMPTY = { check: '', reason: '', organizationId: undefined as string | undefined };

function VetoForm() {
  const { t } = useTranslation();
  const veto = useVeto();
  const [draft, setDraft] = useState(EMPTY);
  const [tried, setTried] = useState(false);
  const missing = (value: string) => (value.trim() === '' ? t('replies.dialog.missing') : undefined);
  const errors = { 'veto-check': missing(draft.check), 'veto-reason': missing(draft.reason) };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isComplete(errors)) return;
    const { check, reason, organizationId = null } = draft;
    veto.mutate(
      { check, reason, organizationId },
      {
        onSuccess: () => {
          setDraft(EMPTY);
          setTried(false);
        },
      },
    );
  };
  return (
    <form className="steps draft-form" noValidate onSubmit={submit}>
      <TextField
        id="veto-check"
        label={t('replies.veto.check')}
        hint={t('replies.veto.checkHint')}
        maxLength={300}
        value={draft.check}
        error={tried ? errors['veto-check'] : undefined}
        onChange={(check) => setDraft((before) => ({ ...before, check }))}
      />
      <TextField
        id="veto-reason"
        label={t('replies.veto.reason')}
        maxLength={1000}
        value={draft.reason}
        error={tried ? errors['veto-reason'] : undefined}
        onChange={(reason) => setDraft((before) => ({ ...before, reason }))}
      />
      <Field id="veto-organization" label={t('replies.veto.scope')}>
        <OrganizationSelect
          id="veto-organization"
          allowClear
          value={draft.organizationId}
          placeholder={t('replies.veto.everywhere')}
          onChange={(organizationId) => setDraft((before) => ({ ...before, organizationId }))}
        />
      </Field>
      {veto.error === null ? null : <Failure error={veto.error} />}
      <div>
        <Button htmlType="submit" loading={veto.isPending}>
          {t('replies.veto.add')}
        </Button>
      </div>
    </form>
  );
}
