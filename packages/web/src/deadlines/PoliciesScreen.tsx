import { CLOCK_START_LABELS, type DeadlinePolicy, type DeadlinePolicyList } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useMay } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { Moment } from '../ui/Moment.tsx';
import { useTitle } from '../ui/use-title.ts';
import { holdsAt, shownVersions } from './policy-list.ts';
import { RuleFrame } from './RuleFrame.tsx';
import { usePolicies } from './use-deadlines.ts';

/** Which policies there are, and which holds where. */
export function PoliciesScreen() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = usePolicies();
  const mayDraft = useMay({ object: 'policy', action: 'create' });
  useTitle(t('deadlines.policies.title'));
  const action = mayDraft ? (
    <Link className="button-link" to="/policies/new">
      {t('deadlines.policies.new')}
    </Link>
  ) : null;
  return (
    <RuleFrame title={t('deadlines.policies.title')} action={action}>
      <p className="lead">{t('deadlines.policies.lead')}</p>
      {error === null ? null : <Failure error={error} retry={() => void refetch()} />}
      {isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {data === undefined ? null : (
        <>
          <PolicyTable list={data} />
          <Assignments list={data} />
        </>
      )}
    </RuleFrame>
  );
}

function PolicyTable({ list }: { readonly list: DeadlinePolicyList }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <table className="quiet stacked block" aria-label={t('deadlines.policies.title')}>
      <thead>
        <tr>
          <th scope="col">{t('deadlines.policies.name')}</th>
          <th scope="col">{t('deadlines.policies.clock')}</th>
          <th scope="col">{t('deadlines.policies.of')}</th>
          <th scope="col">{t('deadlines.policies.state')}</th>
          <th scope="col">{t('deadlines.policies.holds')}</th>
        </tr>
      </thead>
      <tbody>
        {shownVersions(list).map((policy) => (
          <tr key={policy.id}>
            <th scope="row">
              <Link to="/policies/$policyId" params={{ policyId: policy.id }}>
                {policy.content.title[language]}
              </Link>
              <br />
              <small>
                <code>{policy.content.code}</code>{' '}
                {t('deadlines.policies.versionOf', { version: policy.version })}
              </small>
            </th>
            <td data-label={t('deadlines.policies.clock')}>
              {CLOCK_START_LABELS[policy.content.clockStart][language]}
            </td>
            <td data-label={t('deadlines.policies.of')}>
              <Node id={policy.organizationId} />
            </td>
            <td>
              <PolicyState of={policy} />
            </td>
            <td data-label={t('deadlines.policies.holds')}>
              <HoldsFor list={list} policy={policy} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function PolicyState({ of: { preset, approvedAt } }: { readonly of: DeadlinePolicy }) {
  const { t } = useTranslation();
  const state = preset ? 'preset' : approvedAt === null ? 'draft' : 'approved';
  return <span className={`tag policy-${state}`}>{t(`deadlines.policies.${state}`)}</span>;
}

export function Node({ id }: { readonly id: string | null }) {
  const { t } = useTranslation();
  return id === null ? t('deadlines.policies.everywhere') : <OrganizationName of={{ id, name: '' }} />;
}

interface HoldsForProps {
  readonly list: DeadlinePolicyList;
  readonly policy: DeadlinePolicy;
}

/** The nodes where this version holds now. */
function HoldsFor({ list, policy }: HoldsForProps) {
  const { t } = useTranslation();
  const { isDefault, nodes } = holdsAt(list, policy);
  if (nodes.length === 0 && !isDefault)
    return <span className="hint">{t('deadlines.policies.holdsNowhere')}</span>;
  return (
    <>
      {isDefault ? <div>{t('deadlines.policies.holdsDefault')}</div> : null}
      {nodes.map(({ id, organizationId, appliesTo }) => (
        <div key={id}>
          <Node id={organizationId} /> <small>{t(`deadlines.policies.appliesTo.${appliesTo}`)}</small>
        </div>
      ))}
    </>
  );
}

/** Who said what holds where, the latest first. */
function Assignments({ list }: { readonly list: DeadlinePolicyList }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const policies = new Map(list.items.map((one) => [one.id, one]));
  const standard = list.items.find(({ preset, content }) => preset && content.code === list.defaultCode);
  return (
    <section className="panel" aria-labelledby="assignments-title">
      <h2 id="assignments-title">{t('deadlines.policies.assignments')}</h2>
      <p className="hint">
        {t('deadlines.policies.default', { title: standard?.content.title[language] ?? list.defaultCode })}
      </p>
      {list.assignments.length === 0 ? <p>{t('deadlines.policies.noAssignments')}</p> : null}
      <ul className="rows">
        {list.assignments.map(({ id, organizationId, policyId, appliesTo, assignedBy, assignedAt }) => {
          const policy = policies.get(policyId);
          return (
            <li key={id}>
              <Moment at={assignedAt} /> · {assignedBy?.name ?? ''} · <Node id={organizationId} /> ·{' '}
              {policy === undefined
                ? policyId
                : `${policy.content.title[language]} ${t('deadlines.policies.versionOf', { version: policy.version })}`}{' '}
              · {t(`deadlines.policies.appliesTo.${appliesTo}`)}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
