import { KEY_LIST_PURPOSES, type KeyList, type KeyListMember } from '@backcheck/contract';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useMay } from '../app/use-access.ts';
import { AssetName } from '../assets/AssetName.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { useTitle } from '../ui/use-title.ts';
import { KeyListDialog } from './KeyListDialog.tsx';
import { KeyListOwner, Validity } from './KeyListTable.tsx';
import { MemberForm } from './MemberForm.tsx';
import { RecordList } from './RecordList.tsx';
import { useKeyList, useKeyListMembers, useMemberChanges } from './use-key-lists.ts';
import '../assets/assets.css';
import './organizations.css';

const route = getRouteApi('/key-lists/$keyListId');

export function KeyListScreen() {
  const { t } = useTranslation();
  const { keyListId } = route.useParams();
  const { data, error, isPending, refetch } = useKeyList(keyListId);
  useTitle(data?.name ?? t('organizations.keyLists.title'));
  return (
    <div className="screen">
      <Link className="back" to="/key-lists">
        <span aria-hidden="true">←</span> {t('organizations.keyLists.title')}
      </Link>
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {data === undefined ? null : <Details list={data} />}
    </div>
  );
}

function Details({ list }: { readonly list: KeyList }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const mayChange = useMay({ object: 'organization', action: 'update' });
  const [editing, setEditing] = useState(false);
  return (
    <>
      <header className="organization-head">
        <h1>{list.name}</h1>
        <ul className="facts">
          <li>{KEY_LIST_PURPOSES[list.purpose][language]}</li>
          <li>
            <KeyListOwner list={list} />
          </li>
          <li>
            <Validity list={list} />
          </li>
          {list.approvedBy === null ? null : (
            <li>{t('organizations.keyLists.approved', { by: list.approvedBy })}</li>
          )}
        </ul>
        {list.reason === null ? null : <p>{list.reason}</p>}
        {mayChange ? (
          <div className="actions">
            <Button onClick={() => setEditing(true)}>{t('organizations.keyLists.edit')}</Button>
          </div>
        ) : null}
      </header>
      <Members list={list} mayChange={mayChange} />
      {editing ? <KeyListDialog list={list} onClose={() => setEditing(false)} /> : null}
    </>
  );
}

function Members({ list, mayChange }: { readonly list: KeyList; readonly mayChange: boolean }) {
  const { t } = useTranslation();
  const members = useKeyListMembers(list.id);
  const { add, drop } = useMemberChanges(list.id);
  const items = members.data?.pages.flatMap((page) => page.items) ?? [];
  const error = add.error ?? drop.error;
  return (
    <RecordList
      title={t('organizations.keyLists.members')}
      list={members}
      count={items.length}
      none={t('organizations.keyLists.noMembers')}
      action={null}
      filters={mayChange ? <MemberForm busy={add.isPending} onAdd={(one) => add.mutate(one)} /> : null}
    >
      {error === null ? null : <Failure error={error} />}
      <ul className="register members">
        {items.map((one) => (
          <li key={`${one.kind} ${one.id}`}>
            <span>
              <MemberName of={one} />{' '}
              <small>
                {t(`organizations.keyLists.kinds.${one.kind}`)}
                {one.kind === 'organization' ? null : (
                  <>
                    {' · '}
                    <OrganizationName of={one.organization} />
                  </>
                )}
              </small>
            </span>
            {mayChange ? (
              <Button
                size="small"
                aria-label={t('organizations.keyLists.removeNamed', { name: one.name })}
                loading={drop.isPending && drop.variables?.id === one.id && drop.variables.kind === one.kind}
                onClick={() => drop.mutate(one)}
              >
                {t('organizations.keyLists.remove')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </RecordList>
  );
}

function MemberName({ of: { kind, id, name, organization } }: { readonly of: KeyListMember }) {
  if (kind === 'asset') {
    return (
      <Link to="/assets/$assetId" params={{ assetId: id }}>
        <AssetName identity={name} />
      </Link>
    );
  }
  return (
    <Link
      to="/organizations/$organizationId"
      params={{ organizationId: organization.id }}
      search={kind === 'system' ? { section: 'systems' } : {}}
    >
      {kind === 'system' ? name : <OrganizationName of={organization} />}
    </Link>
  );
}
