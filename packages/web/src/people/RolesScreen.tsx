import {
  ACTIONS,
  type AccessObject,
  ENDS_BY_DATE,
  OBJECTS,
  OF_ONE_SYSTEM,
  ROLES,
  type Role,
  roleMay,
  sideOf,
} from '@backcheck/core';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../ui/use-title.ts';
import { SIDES } from './GrantFields.tsx';
import { PeopleFrame } from './PeopleFrame.tsx';

const actionsOf = (role: Role, object: AccessObject) =>
  ACTIONS.filter((action) => roleMay(role, { object, action }));

/** The matrix of core, once in words for each role and once as a whole. */
export function RolesScreen() {
  const { t } = useTranslation();
  useTitle(t('people.rolesTitle'));
  return (
    <PeopleFrame title={t('people.rolesTitle')}>
      <p className="lead">{t('people.rolesLead')}</p>
      {SIDES.map((side) => (
        <section key={side} className="block" aria-labelledby={`side-${side}`}>
          <h2 id={`side-${side}`}>{t(`people.sides.${side}`)}</h2>
          {ROLES.filter((role) => sideOf(role) === side).map((role) => (
            <RoleInWords key={role} role={role} />
          ))}
        </section>
      ))}
      <Matrix />
    </PeopleFrame>
  );
}

function RoleInWords({ role }: { readonly role: Role }) {
  const { t } = useTranslation();
  return (
    <details className="role">
      <summary>
        <strong>{t(`people.roles.${role}.name`)}</strong>{' '}
        {OF_ONE_SYSTEM.includes(role) ? <span className="tag">{t('people.needsSystem')}</span> : null}{' '}
        {ENDS_BY_DATE.includes(role) ? <span className="tag">{t('people.needsEnd')}</span> : null}
        <span className="role-meaning">{t(`people.roles.${role}.meaning`)}</span>
      </summary>
      <h3>{t('people.rolesMay')}</h3>
      <dl className="pairs">
        {OBJECTS.filter((object) => actionsOf(role, object).length > 0).map((object) => (
          <div key={object}>
            <dt>{t(`people.objects.${object}`)}</dt>
            <dd>
              {actionsOf(role, object)
                .map((action) => t(`people.actions.${action}`))
                .join(t('people.comma'))}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

const LETTERS = { create: 'C', read: 'R', update: 'U', approve: 'A', export: 'X' } as const;

function Matrix() {
  const { t } = useTranslation();
  const letters = ACTIONS.map((action) => `${LETTERS[action]} ${t(`people.actions.${action}`)}`);
  return (
    <section className="block" aria-labelledby="matrix-title">
      <h2 id="matrix-title">{t('people.rolesTable')}</h2>
      <p className="hint">{t('people.rolesTableHint', { letters: letters.join(t('people.comma')) })}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard (WCAG 2.1.1) */}
      <section className="matrix-frame" aria-labelledby="matrix-title" tabIndex={0}>
        <table className="quiet matrix">
          <thead>
            <tr>
              <td />
              {OBJECTS.map((object) => (
                <th key={object} scope="col">
                  {t(`people.objects.${object}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ROLES.map((role) => (
              <tr key={role}>
                <th scope="row">{t(`people.roles.${role}.name`)}</th>
                {OBJECTS.map((object) => (
                  <td key={object}>
                    {actionsOf(role, object)
                      .map((action) => LETTERS[action])
                      .join(' ')}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
