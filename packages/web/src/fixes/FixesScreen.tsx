import type { Fix } from '@backcheck/contract';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Progress, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { useAccess } from '../app/use-access.ts';
import { PriorityMark } from '../deadlines/PriorityMark.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { Due } from '../notices/Due.tsx';
import { type Changes, changedSearch } from '../ui/changed-search.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Field } from '../ui/Field.tsx';
import { Pages } from '../ui/Pages.tsx';
import { SeverityMark } from '../ui/SeverityMark.tsx';
import { useTitle } from '../ui/use-title.ts';
import { fixName } from './fix-name.ts';
import type { FixesSearch } from './search.ts';
import { useFixes } from './use-fixes.ts';
import './fixes.css';

const route = getRouteApi('/fixes');

/** One measure is one task, whatever it mends: "upgrade OpenSSL" with 42 proofs. */
export function FixesScreen() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const home = useAccess().data?.home ?? undefined;
  const organizationId = search.organizationId ?? home;
  const done = search.done === 'true';
  const list = useFixes(organizationId, done);
  useTitle(t('fixes.title'));
  const change = (next: Changes<FixesSearch>) =>
    void navigate({ search: changedSearch<FixesSearch>(search, next), replace: true });
  return (
    <div className="screen">
      <h1>{t('fixes.title')}</h1>
      <p className="lead">{t('fixes.lead')}</p>
      <search className="fix-filters" aria-label={t('fixes.filter')}>
        {home === undefined ? (
          <Field id="fix-organization" label={t('organization.label')}>
            <OrganizationSelect
              id="fix-organization"
              value={organizationId}
              allowClear
              placeholder={t('fixes.anywhere')}
              onChange={(organizationId) => change({ organizationId })}
            />
          </Field>
        ) : null}
        <Segmented
          aria-label={t('fixes.which')}
          value={done ? 'true' : 'false'}
          options={[
            { value: 'false', label: t('fixes.open') },
            { value: 'true', label: t('fixes.done') },
          ]}
          onChange={(value) => change({ done: value === 'true' ? 'true' : undefined })}
        />
      </search>
      <Pages
        list={list}
        empty={<EmptyState title={t(done ? 'fixes.noneDone' : 'fixes.none')} hint={t('fixes.noneHint')} />}
        count={(count, more) => t(more ? 'fixes.shownSoFar' : 'fixes.shownAll', { count })}
      >
        {(items) => <FixTable items={items} />}
      </Pages>
    </div>
  );
}

function FixTable({ items }: { readonly items: readonly Fix[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const several = items.some(({ organizationId }) => organizationId === null);
  return (
    <table className="quiet stacked fix-table" aria-label={t('fixes.title')}>
      <thead>
        <tr>
          <th scope="col">{t('fixes.measure')}</th>
          <th scope="col" className="number">
            {t('fixes.openCount')}
          </th>
          {several ? (
            <th scope="col" className="number">
              {t('fixes.organizations')}
            </th>
          ) : null}
          <th scope="col">{t('fixes.proofs')}</th>
          <th scope="col" className="number">
            {t('fixes.assets')}
          </th>
          <th scope="col">{t('fixes.worst')}</th>
          <th scope="col">{t('fixes.due')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <Link
                to="/fixes/$fixId"
                params={{ fixId: one.id }}
                search={one.organizationId === null ? {} : { organizationId: one.organizationId }}
              >
                {fixName(one, language)}
              </Link>
            </th>
            <td className="number" data-label={t('fixes.openCount')}>
              <OpenCount of={one} />
            </td>
            {several ? (
              <td className="number" data-label={t('fixes.organizations')}>
                {one.open === 0 ? one.organizations : one.openIn}
              </td>
            ) : null}
            <td data-label={t('fixes.proofs')}>
              <Proofs of={one} />
            </td>
            <td className="number" data-label={t('fixes.assets')}>
              {one.assets}
            </td>
            <td>
              {one.priority === null ? (
                <SeverityMark severity={one.worst} />
              ) : (
                <PriorityMark priority={one.priority} />
              )}
            </td>
            <td data-label={t('fixes.due')}>{one.dueAt === null ? '–' : <Due at={one.dueAt} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Proofs({ of: { proven, findings } }: { readonly of: Pick<Fix, 'proven' | 'findings'> }) {
  const { t } = useTranslation();
  return (
    <span className="fix-proofs">
      {t('fixes.provenOf', { proven, findings })}
      <Progress
        aria-label={t('fixes.proofs')}
        percent={Math.floor((proven / Math.max(1, findings)) * 100)}
        size="small"
        showInfo={false}
        strokeColor="#1c6b3d"
      />
    </span>
  );
}

/** How many are not proven gone, and how many of these somebody says are fixed. */
export function OpenCount({ of: { open, claimed } }: { readonly of: Pick<Fix, 'open' | 'claimed'> }) {
  const { t } = useTranslation();
  return (
    <>
      {open}
      {claimed === 0 ? null : <small> {t('fixes.claimedOf', { count: claimed })}</small>}
    </>
  );
}
