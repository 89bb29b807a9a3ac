import type { Account, Grant } from '@backcheck/contract';
import { ROLES, type Role } from '@backcheck/core';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { Moment } from '../ui/Moment.tsx';
import { Until } from '../ui/Until.tsx';

export function useRoleName(): (role: string) => string {
  const { t } = useTranslation();
  return (role) => {
    const known = ROLES.find((one): one is Role => one === role);
    // A newer version may know more roles.
    return known === undefined ? role : t(`people.roles.${known}.name`);
  };
}

/** A grant with all that is known of it: role, place, how it is cut, until when, since when and by whom. */
export function GrantText({ grant }: { readonly grant: Grant }) {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const { role, organization, system, campaign, expiresAt, grantedAt, grantedBy } = grant;
  return (
    <div className="grant">
      <strong>{roleName(role)}</strong>
      <ul className="facts">
        <li>
          {organization === null ? t('people.grant.installation') : <OrganizationName of={organization} />}
        </li>
        {system === null ? null : (
          <li>
            {t('people.grant.system')}: {system.name}
          </li>
        )}
        {campaign === null ? null : (
          <li>
            {t('people.grant.campaign')}: {campaign.name}
          </li>
        )}
        <li>
          {expiresAt === null ? (
            t('people.grant.forever')
          ) : (
            <>
              {t('people.grant.until')} <Until at={expiresAt} />
            </>
          )}
        </li>
        <li>
          {t('people.grant.from')} <Moment at={grantedAt} to="day" />
        </li>
        <li>{grantedBy === null ? t('people.grant.byServer') : t('people.grant.by', { name: grantedBy })}</li>
      </ul>
    </div>
  );
}

/** Of an account, or of an invitation, which brings no name of its organization. */
type ShortGrant = Pick<
  Account['grants'][number],
  'role' | 'organizationId' | 'systemId' | 'campaignId' | 'expiresAt'
> & { readonly organizationName?: string | null };

/** A grant on one line, for lists. */
export function GrantLine({ grant }: { readonly grant: ShortGrant }) {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const { role, organizationId, systemId, campaignId, expiresAt } = grant;
  return (
    <span className="grant-line">
      {roleName(role)}{' '}
      <small>
        {organizationId === null ? (
          t('people.grant.installation')
        ) : (
          <OrganizationName of={{ id: organizationId, name: grant.organizationName ?? '' }} />
        )}
      </small>
      {systemId === null ? null : <small> · {t('people.grant.oneSystem')}</small>}
      {campaignId === null ? null : <small> · {t('people.grant.oneCampaign')}</small>}
      {expiresAt === null ? null : (
        <small>
          {' '}
          · {t('people.grant.until')} <Until at={expiresAt} />
        </small>
      )}
    </span>
  );
}
