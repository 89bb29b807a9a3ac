import { NOTICE_KIND_LABELS, NOTICE_STATE_LABELS } from '@backcheck/contract';
import { NOTICE_KINDS, NOTICE_STATES } from '@backcheck/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Checkbox, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { useIsCoordinator, useMay } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { type Changes, changedSearch } from '../ui/changed-search.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Field } from '../ui/Field.tsx';
import { Pages } from '../ui/Pages.tsx';
import { useTitle } from '../ui/use-title.ts';
import { NoticeFrame } from './NoticeFrame.tsx';
import { NoticeTable } from './NoticeTable.tsx';
import type { NoticeSearch } from './search.ts';
import { useNotices } from './use-notices.ts';

const route = getRouteApi('/notices');

/** What was issued or is being drafted, and whether it was received. */
export function NoticesScreen() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const list = useNotices(search);
  const isCoordinator = useIsCoordinator();
  const mayDraft = useMay({ object: 'notice', action: 'create' });
  const mayDraftMany = useMay({ object: 'notice', action: 'update' });
  const hint = mayDraft
    ? t(mayDraftMany ? 'notices.noneHint' : 'notices.noneHintOne')
    : t(isCoordinator ? 'notices.noneIssued' : 'notices.noneYet');
  useTitle(t('notices.title'));
  const draft = mayDraft ? (
    <Link className="button-link primary" to="/notices/new" search={{ kind: 'rectification' }}>
      {t('notices.draft')}
    </Link>
  ) : null;
  return (
    <NoticeFrame title={t('notices.title')} action={draft}>
      <NoticeFilters search={search} />
      <Pages list={list} empty={<EmptyState title={t('notices.none')} hint={hint} />}>
        {(items) => <NoticeTable items={items} />}
      </Pages>
    </NoticeFrame>
  );
}

function NoticeFilters({ search }: { readonly search: NoticeSearch }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const navigate = route.useNavigate();
  const change = (changes: Changes<NoticeSearch>) =>
    void navigate({ search: changedSearch(search, changes), replace: true });
  return (
    <search className="notice-filters" aria-label={t('notices.filter')}>
      <Field id="notice-kind" label={t('notices.kind')}>
        <Select
          id="notice-kind"
          allowClear
          placeholder={t('notices.allKinds')}
          value={search.kind ?? null}
          options={NOTICE_KINDS.map((value) => ({ value, label: NOTICE_KIND_LABELS[value][language] }))}
          onChange={(kind) => change({ kind: kind ?? undefined })}
        />
      </Field>
      <Field id="notice-state" label={t('notices.state')}>
        <Select
          id="notice-state"
          allowClear
          placeholder={t('notices.allStates')}
          value={search.state ?? null}
          options={NOTICE_STATES.map((value) => ({ value, label: NOTICE_STATE_LABELS[value][language] }))}
          onChange={(state) => change({ state: state ?? undefined })}
        />
      </Field>
      <Field id="notice-organization" label={t('organization.label')}>
        <OrganizationSelect
          id="notice-organization"
          allowClear
          value={search.organizationId}
          placeholder={t('retests.allOrganizations')}
          onChange={(organizationId) => change({ organizationId })}
        />
      </Field>
      <Checkbox
        className="notice-waiting"
        checked={search.waiting === 'true'}
        onChange={({ target }) => change({ waiting: target.checked ? 'true' : undefined })}
      >
        {t('notices.onlyWaiting')}
      </Checkbox>
    </search>
  );
}
