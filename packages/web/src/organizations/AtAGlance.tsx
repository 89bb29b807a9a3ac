import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useIsCoordinator } from '../app/use-access.ts';
import { useWorkCounts } from '../work/use-work.ts';
import { Channels } from './Channels.tsx';
import { FieldText } from './record/FieldText.tsx';
import { useContacts } from './use-registers.ts';
import { Verified } from './Verified.tsx';

/** What is late, what is due, and whose turn it is at this organization. */
export function WorkAtAGlance({ organizationId }: { readonly organizationId: string }) {
  const { t } = useTranslation();
  const { data } = useWorkCounts(organizationId);
  const us = useIsCoordinator() ? 'coordinator' : 'organization';
  const them = us === 'coordinator' ? 'organization' : 'coordinator';
  const lists = [
    { list: 'overdue', label: t('work.overdue'), count: data?.overdue },
    { list: 'due-soon', label: t('work.dueSoon'), count: data?.dueSoon },
    { list: us, label: t('work.us'), count: data?.[us] },
    { list: them, label: t('work.them'), count: data?.[them] },
  ] as const;
  return (
    <section className="block" aria-labelledby="work-title">
      <h2 id="work-title">{t('work.title')}</h2>
      <ul className="work-counts">
        {lists.map(({ list, label, count }) => (
          <li key={list}>
            <Link to="/work" search={{ organizationId, list }}>
              {label} <strong>{count ?? '…'}</strong>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Whom to call, in the order of the register. */
export function CallList({ organizationId }: { readonly organizationId: string }) {
  const { t } = useTranslation();
  const { data } = useContacts(organizationId);
  if (data === undefined) return null;
  return (
    <section className="block" aria-labelledby="call-title">
      <h2 id="call-title">{t('organizations.sections.contacts')}</h2>
      {data.items.length === 0 ? <p className="hint">{t('organizations.contacts.none')}</p> : null}
      <ul className="call-list">
        {data.items.map(({ id, fields, verified }) => (
          <li key={id}>
            <strong>{fields['name']}</strong>{' '}
            <small>
              <FieldText kind="contact" field="role" value={fields['role']} />
            </small>
            <Channels of={fields} />
            <Verified verified={verified} />
          </li>
        ))}
      </ul>
    </section>
  );
}
