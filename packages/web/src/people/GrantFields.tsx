import type { Access } from '@backcheck/contract';
import { ENDS_BY_DATE, OF_ONE_SYSTEM, ROLES, roleMay, type Side, sideOf } from '@backcheck/core';
import { Radio, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useAccess } from '../app/use-access.ts';
import { EndDateField } from '../ui/EndDateField.tsx';
import { FieldError } from '../ui/TextField.tsx';
import { fitsInstallation, type flawOfWish, type GrantWish } from './grant-wish.ts';
import { CampaignField, OrganizationField, SystemField } from './PlaceFields.tsx';

export const SIDES: readonly Side[] = ['organization', 'coordinator', 'platform'];

interface GrantFieldsProps {
  /** Distinguishes the fields of several grants in one dialog. */
  readonly id: string;
  readonly wish: GrantWish;
  /** Shown at the field that it is about; null: none, or not looked for yet. */
  readonly flaw: ReturnType<typeof flawOfWish>;
  /** Gets what is different: two fields may change before they are drawn again. */
  readonly onChange: (change: Partial<GrantWish>) => void;
}

/** Only who may give grants on the whole installation is offered it. */
const givesEverywhere = ({ grants }: Access): boolean =>
  grants.some(
    ({ role, organization, system, campaign }) =>
      organization === null &&
      system === null &&
      campaign === null &&
      roleMay(role, { object: 'account', action: 'update' }),
  );

export function GrantFields({ id, wish, flaw, onChange }: GrantFieldsProps) {
  const { t } = useTranslation();
  const { data: access } = useAccess();
  const { role } = wish;
  const text = (...codes: readonly (typeof flaw)[]) =>
    flaw !== null && codes.includes(flaw) ? t(`people.grant.flaws.${flaw}`) : undefined;
  const everywhere =
    access !== undefined && givesEverywhere(access) && (role === null || fitsInstallation(role));
  const choose = (next: GrantWish['role']) =>
    onChange({ role: next, onNode: next === null || !fitsInstallation(next) || wish.onNode });
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}-role`}>{t('people.grant.role')}</label>
        <Select
          id={`${id}-role`}
          value={role}
          placeholder={t('people.grant.choose')}
          showSearch={{ optionFilterProp: 'label' }}
          aria-describedby={`${id}-role-error ${id}-role-hint`}
          options={SIDES.map((side) => ({
            label: t(`people.sides.${side}`),
            options: ROLES.filter((one) => sideOf(one) === side).map((value) => ({
              value,
              label: t(`people.roles.${value}.name`),
            })),
          }))}
          onChange={choose}
        />
        <FieldError id={`${id}-role`} error={text('NEEDS_ROLE')} />
        {role === null ? null : (
          <p id={`${id}-role-hint`} className="hint">
            {t(`people.roles.${role}.meaning`)}
          </p>
        )}
      </div>
      {everywhere ? (
        <fieldset>
          <legend>{t('people.grant.where')}</legend>
          <Radio.Group
            value={wish.onNode}
            options={[
              { value: true, label: t('people.grant.node') },
              { value: false, label: t('people.grant.installation') },
            ]}
            onChange={({ target }) => onChange({ onNode: target.value })}
          />
        </fieldset>
      ) : null}
      {wish.onNode ? (
        <OrganizationField
          id={`${id}-organization`}
          value={wish.organizationId}
          error={text('NEEDS_ORGANIZATION')}
          onChange={(organizationId) => onChange({ organizationId, systemId: null })}
        />
      ) : null}
      {wish.onNode && (wish.organizationId !== null || (role !== null && OF_ONE_SYSTEM.includes(role))) ? (
        <SystemField
          id={`${id}-system`}
          organizationId={wish.organizationId}
          needed={role !== null && OF_ONE_SYSTEM.includes(role)}
          value={wish.systemId}
          error={text('NEEDS_SYSTEM')}
          onChange={(systemId) => onChange({ systemId })}
        />
      ) : null}
      <CampaignField
        id={`${id}-campaign`}
        value={wish.campaignId}
        onChange={(campaignId) => onChange({ campaignId })}
      />
      <EndDateField
        id={`${id}-end`}
        label={t('people.grant.ends')}
        hint={t(
          role !== null && ENDS_BY_DATE.includes(role) ? 'people.grant.endsNeeded' : 'people.grant.endsHint',
        )}
        error={text('NEEDS_END', 'ENDS_BEFORE_START')}
        value={wish.expiresAt}
        onChange={(expiresAt) => onChange({ expiresAt })}
      />
    </>
  );
}

/** The field that a flaw is about, to set the focus to. */
export function fieldOfFlaw(id: string, flaw: NonNullable<ReturnType<typeof flawOfWish>>): string {
  const fields = {
    NEEDS_ROLE: 'role',
    NEEDS_ORGANIZATION: 'organization',
    NEEDS_SYSTEM: 'system',
    NEEDS_END: 'end',
    ENDS_BEFORE_START: 'end',
  } as const;
  return `${id}-${fields[flaw]}`;
}
