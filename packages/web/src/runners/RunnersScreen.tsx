import { ENGINE_LABELS, type Runner } from '@backcheck/contract';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useMay } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { RetestFrame } from '../retests/RetestFrame.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Moment } from '../ui/Moment.tsx';
import { Pages } from '../ui/Pages.tsx';
import { useTitle } from '../ui/use-title.ts';
import { RegisterDialog } from './RegisterDialog.tsx';
import { useRevokeRunner, useRunners } from './use-runners.ts';

/** Who looks, from where, and with which tools. */
export function RunnersScreen() {
  const { t } = useTranslation();
  const list = useRunners();
  const mayRegister = useMay({ object: 'runner', action: 'create' });
  const [open, setOpen] = useState(false);
  useTitle(t('runners.title'));
  const register = mayRegister ? (
    <Button type="primary" onClick={() => setOpen(true)}>
      {t('runners.register')}
    </Button>
  ) : null;
  return (
    <RetestFrame title={t('runners.title')} action={register}>
      <p className="lead">{t('runners.lead')}</p>
      <Pages list={list}>{(items) => <RunnerTable items={items} />}</Pages>
      {open ? <RegisterDialog onClose={() => setOpen(false)} /> : null}
    </RetestFrame>
  );
}

function RunnerTable({ items }: { readonly items: readonly Runner[] }) {
  const { t } = useTranslation();
  return (
    <table className="quiet stacked" aria-label={t('runners.title')}>
      <thead>
        <tr>
          <th scope="col">{t('runners.name')}</th>
          <th scope="col">{t('runners.vantage')}</th>
          <th scope="col">{t('runners.for')}</th>
          <th scope="col">{t('runners.standing')}</th>
          <th scope="col">{t('runners.tools')}</th>
          <th scope="col" aria-label={t('runners.revoke')} />
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <RunnerRow key={one.id} runner={one} />
        ))}
      </tbody>
    </table>
  );
}

function RunnerRow({ runner }: { readonly runner: Runner }) {
  const { t } = useTranslation();
  const { name, kind, version, vantage, organizationId, running } = runner;
  return (
    <tr>
      <th scope="row">
        {name}
        <br />
        <small>
          {t(`runners.kind.${kind}`)} {version}
        </small>
      </th>
      <td data-label={t('runners.vantage')}>{vantage}</td>
      <td data-label={t('runners.for')}>
        {organizationId === null ? (
          t('runners.everyone')
        ) : (
          <OrganizationName of={{ id: organizationId, name: '' }} />
        )}
      </td>
      <td>
        <Standing runner={runner} />
        {running === 0 ? null : <small className="waits">{t('runners.running', { count: running })}</small>}
      </td>
      <td data-label={t('runners.tools')}>
        <Tools runner={runner} />
      </td>
      <td className="row-actions">
        <Revoke runner={runner} />
      </td>
    </tr>
  );
}

function Standing({ runner: { online, revokedAt, seenAt } }: { readonly runner: Runner }) {
  const { t } = useTranslation();
  if (revokedAt !== null) return <span className="runner-state revoked">{t('runners.revoked')}</span>;
  if (online) return <span className="runner-state online">{t('runners.online')}</span>;
  return (
    <>
      <span className="runner-state offline">{t('runners.offline')}</span>
      <small className="waits">
        {seenAt === null ? (
          t('runners.neverSeen')
        ) : (
          <>
            {t('runners.lastSeen')} <Moment at={seenAt} />
          </>
        )}
      </small>
    </>
  );
}

/** What it has, and what would have to be installed for the rest. */
function Tools({ runner: { tools } }: { readonly runner: Runner }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const here = tools.filter(({ version }) => version !== null);
  const missing = tools.filter(({ version }) => version === null);
  return (
    <>
      {here.map(({ engine, version }) => (
        <span key={engine} className="identifier">
          {ENGINE_LABELS[engine][language]} <small>{version}</small>
        </span>
      ))}
      {missing.map(({ engine, install }) => (
        <span key={engine} className="identifier missing-tool">
          {ENGINE_LABELS[engine][language]}: {t('runners.notInstalled')} <code>{install}</code>
        </span>
      ))}
    </>
  );
}

function Revoke({ runner: { id, name, kind, revokedAt } }: { readonly runner: Runner }) {
  const { t } = useTranslation();
  const may = useMay({ object: 'runner', action: 'update' });
  const revoke = useRevokeRunner();
  const [sure, setSure] = useState(false);
  if (!may || kind === 'server' || revokedAt !== null) return null;
  return (
    <>
      <Button size="small" aria-label={t('runners.revokeNamed', { name })} onClick={() => setSure(true)}>
        {t('runners.revoke')}
      </Button>
      {sure ? (
        <Modal
          open
          title={t('runners.revokeNamed', { name })}
          okText={t('runners.revoke')}
          okButtonProps={{ danger: true }}
          confirmLoading={revoke.isPending}
          onOk={() => revoke.mutate(id, { onSuccess: () => setSure(false) })}
          onCancel={() => setSure(false)}
        >
          <p>{t('runners.revokeSure')}</p>
          {revoke.error === null ? null : <Failure error={revoke.error} />}
        </Modal>
      ) : null}
    </>
  );
}
