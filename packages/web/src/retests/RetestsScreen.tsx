import { RETEST_ORIGIN_LABELS, RETEST_STATE_LABELS, type Retest } from '@backcheck/contract';
import { RETEST_STATES } from '@backcheck/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { type Changes, changedSearch } from '../ui/changed-search.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Field } from '../ui/Field.tsx';
import { Moment } from '../ui/Moment.tsx';
import { Pages } from '../ui/Pages.tsx';
import { useTitle } from '../ui/use-title.ts';
import { OutcomeCounts } from './OutcomeCounts.tsx';
import { RetestFrame } from './RetestFrame.tsx';
import { Duration, RetestStanding } from './RetestStanding.tsx';
import type { RetestSearch } from './search.ts';
import { useRetests } from './use-retests.ts';

const route = getRouteApi('/retests');

/** What is being looked at again, and what came of it. */
export function RetestsScreen() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const list = useRetests(search);
  useTitle(t('retests.title'));
  return (
    <RetestFrame title={t('retests.title')}>
      <RetestFilters search={search} />
      <Pages list={list} empty={<EmptyState title={t('retests.none')} hint={t('retests.noneHint')} />}>
        {(items) => <RetestTable items={items} />}
      </Pages>
    </RetestFrame>
  );
}

function RetestFilters({ search }: { readonly search: RetestSearch }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const navigate = route.useNavigate();
  const change = (changes: Changes<RetestSearch>) =>
    void navigate({ search: changedSearch(search, changes), replace: true });
  return (
    <search className="retest-filters" aria-label={t('retests.filter')}>
      <Field id="retest-state" label={t('retests.state')}>
        <Select
          id="retest-state"
          allowClear
          placeholder={t('retests.allStates')}
          value={search.state ?? null}
          options={RETEST_STATES.map((value) => ({ value, label: RETEST_STATE_LABELS[value][language] }))}
          onChange={(state) => change({ state: state ?? undefined })}
        />
      </Field>
      <Field id="retest-organization" label={t('organization.label')}>
        <OrganizationSelect
          id="retest-organization"
          allowClear
          value={search.organizationId}
          placeholder={t('retests.allOrganizations')}
          onChange={(organizationId) => change({ organizationId })}
        />
      </Field>
    </search>
  );
}

function RetestTable({ items }: { readonly items: readonly Retest[] }) {
  const { t } = useTranslation();
  return (
    <table className="quiet stacked retests" aria-label={t('retests.title')}>
      <thead>
        <tr>
          <th scope="col">{t('retests.requestedAt')}</th>
          <th scope="col">{t('organization.label')}</th>
          <th scope="col">{t('retests.origin')}</th>
          <th scope="col">{t('retests.state')}</th>
          <th scope="col">{t('retests.outcomes')}</th>
          <th scope="col">{t('retests.waited')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <RetestRow key={one.id} retest={one} />
        ))}
      </tbody>
    </table>
  );
}

function RetestRow({ retest }: { readonly retest: Retest }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <tr>
      <th scope="row">
        <Link to="/retests/$retestId" params={{ retestId: retest.id }}>
          <Moment at={retest.requestedAt} />
        </Link>
      </th>
      <td data-label={t('organization.label')}>
        <OrganizationName of={retest.organization} />
      </td>
      <td data-label={t('retests.origin')}>
        {RETEST_ORIGIN_LABELS[retest.origin][language]}
        <br />
        <small>{retest.requestedBy.name}</small>
      </td>
      <td>
        <RetestStanding of={retest} />
      </td>
      <td>
        <OutcomeCounts counts={retest.counts} />
      </td>
      <td data-label={t('retests.waited')}>
        <Duration seconds={retest.waitedSeconds} />
      </td>
    </tr>
  );
}
