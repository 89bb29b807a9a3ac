import type { OwnershipClaim } from '@backcheck/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useMay } from '../app/use-access.ts';
import { RecordList } from '../organizations/RecordList.tsx';
import { Failure } from '../ui/Failure.tsx';
import { ClaimForm } from './ClaimForm.tsx';
import { useClaimChanges, useClaims } from './use-ownership.ts';
import './ownership.css';

/** What an organization says is its own, and who says the same of it. */
export function ClaimsPanel({ organizationId }: { readonly organizationId: string }) {
  const { t } = useTranslation();
  const list = useClaims(organizationId);
  const mayClaim = useMay({ object: 'organization', action: 'update' });
  const { withdraw } = useClaimChanges();
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <RecordList
      title={t('organizations.sections.claims')}
      list={list}
      count={items.length}
      none={t('ownership.claims.none')}
      action={null}
      filters={
        <>
          <p className="hint">{t('ownership.claims.lead')}</p>
          {mayClaim ? <ClaimForm organizationId={organizationId} /> : null}
        </>
      }
    >
      {withdraw.error === null ? null : <Failure error={withdraw.error} />}
      <table className="quiet stacked" aria-label={t('organizations.sections.claims')}>
        <thead>
          <tr>
            <th scope="col">{t('ownership.claims.value')}</th>
            <th scope="col">{t('ownership.claims.valid')}</th>
            <th scope="col">{t('ownership.claims.note')}</th>
            <th scope="col">{t('ownership.claims.by')}</th>
            {mayClaim ? <th scope="col">{t('organizations.contacts.actions')}</th> : null}
          </tr>
        </thead>
        <tbody>
          {items.map((claim) => (
            <tr key={claim.id}>
              <th scope="row">
                {claim.value}
                <Overlaps of={claim} />
              </th>
              <td data-label={t('ownership.claims.valid')}>
                {claim.validUntil === null
                  ? t('ownership.claims.since', { day: claim.validFrom })
                  : t('ownership.claims.until', { from: claim.validFrom, until: claim.validUntil })}
              </td>
              <td>{claim.note}</td>
              <td data-label={t('ownership.claims.by')}>{claim.claimedBy}</td>
              {mayClaim ? (
                <td>
                  <Button
                    size="small"
                    aria-label={t('ownership.claims.withdrawNamed', { value: claim.value })}
                    loading={withdraw.isPending && withdraw.variables === claim.id}
                    onClick={() => withdraw.mutate(claim.id)}
                  >
                    {t('ownership.claims.withdraw')}
                  </Button>
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </RecordList>
  );
}

function Overlaps({ of: { overlaps, overlapping } }: { readonly of: OwnershipClaim }) {
  const { t } = useTranslation();
  if (overlapping === 0) return null;
  const hidden = overlapping - overlaps.length;
  return (
    <div className="overlaps">
      <strong>{t('ownership.claims.overlaps')}</strong>
      <ul>
        {overlaps.map(({ claimId, organization, value }) => (
          <li key={claimId}>
            {t('ownership.claims.overlapBy', { value })} <OrganizationName of={organization} />
          </li>
        ))}
        {hidden > 0 ? <li>{t('ownership.claims.overlapsHidden', { count: hidden })}</li> : null}
      </ul>
    </div>
  );
}
