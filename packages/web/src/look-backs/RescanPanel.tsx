import { RESCAN_INTERVALS, RESCAN_RISKS } from '@backcheck/core';
import { Link } from '@tanstack/react-router';
import { Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { useMay } from '../app/use-access.ts';
import { useOnlyOrganization } from '../app/use-organizations.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { Moment } from '../ui/Moment.tsx';
import { useKnownExploited, useRescanPlan, useSwitchRescanPlan } from './use-look-backs.ts';

/** What is looked at again by itself: how often, for whom, and by which list of what is exploited. */
export function RescanPanel() {
  const { t } = useTranslation();
  const { only } = useOnlyOrganization();
  const [chosen, setChosen] = useState<string>();
  const organizationId = chosen ?? only;
  return (
    <section className="panel rescans" aria-labelledby="rescans-title">
      <h2 id="rescans-title">{t('lookBacks.rescans.title')}</h2>
      <p className="lead">{t('lookBacks.rescans.lead')}</p>
      <ul className="rescan-intervals">
        {RESCAN_RISKS.map((risk) => {
          const { first, next } = RESCAN_INTERVALS[risk];
          return (
            <li key={risk}>
              <span>{t(`lookBacks.rescans.risks.${risk}`)}</span>{' '}
              {t(first === next ? 'lookBacks.rescans.every' : 'lookBacks.rescans.firstThen', { first, next })}
            </li>
          );
        })}
      </ul>
      <KnownExploitedLine />
      <Field id="rescan-organization" label={t('organization.label')}>
        <OrganizationSelect
          id="rescan-organization"
          value={organizationId}
          placeholder={t('organization.choose')}
          onChange={setChosen}
        />
      </Field>
      {organizationId === undefined ? null : (
        <PlanSwitch key={organizationId} organizationId={organizationId} />
      )}
    </section>
  );
}

function KnownExploitedLine() {
  const { t } = useTranslation();
  const { data } = useKnownExploited();
  const mayTakeIn = useMay({ object: 'feed', action: 'update' });
  if (data === undefined) return null;
  const { version, entries, ageDays } = data;
  return (
    <>
      <p className="hint">
        {version === null
          ? t('lookBacks.rescans.noList')
          : t('lookBacks.rescans.list', { version, entries, days: ageDays ?? 0 })}
      </p>
      {mayTakeIn ? (
        <p>
          <Link to="/feeds">{t('lookBacks.rescans.takeIn')}</Link>
        </p>
      ) : null}
    </>
  );
}

function PlanSwitch({ organizationId }: { readonly organizationId: string }) {
  const { t } = useTranslation();
  const may = useMay({ object: 'campaign', action: 'update' });
  const { data, error } = useRescanPlan(organizationId);
  const change = useSwitchRescanPlan(organizationId);
  const failure = change.error ?? error;
  return (
    <>
      {data === undefined ? null : (
        <p className="rescan-switch">
          <Switch
            id="rescan-plan"
            aria-labelledby="rescan-plan-label"
            checked={data.on}
            disabled={!may}
            loading={change.isPending}
            onChange={(on) => change.mutate(on)}
          />
          <label id="rescan-plan-label" htmlFor="rescan-plan">
            {t('lookBacks.rescans.switch')}
          </label>
          {data.switchedOnBy === null || data.switchedOnAt === null ? null : (
            <small>
              {data.switchedOnBy.name}, <Moment at={data.switchedOnAt} />
            </small>
          )}
        </p>
      )}
      {failure === null ? null : <Failure error={failure} />}
    </>
  );
}
