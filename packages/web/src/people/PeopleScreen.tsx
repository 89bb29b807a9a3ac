import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Field } from '../ui/Field.tsx';
import { Pages } from '../ui/Pages.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { useTitle } from '../ui/use-title.ts';
import { AccountTable } from './AccountTable.tsx';
import { InviteButton } from './InviteButton.tsx';
import { PeopleFrame } from './PeopleFrame.tsx';
import { readPeopleSearch } from './search.ts';
import { useAccounts } from './use-people.ts';

const route = getRouteApi('/people');

export function PeopleScreen() {
  const { t } = useTranslation();
  useTitle(t('people.title'));
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useAccounts(search);
  return (
    <PeopleFrame title={t('people.title')} action={<InviteButton />}>
      <search className="people-search" aria-label={t('people.searchLabel')}>
        <Field id="people-text" label={t('people.search')}>
          <SearchBox
            id="people-text"
            value={search.text ?? ''}
            placeholder={t('people.searchPlaceholder')}
            onChange={(text) => void navigate({ search: readPeopleSearch({ text }), replace: true })}
          />
        </Field>
      </search>
      <Pages
        list={list}
        empty={<EmptyState title={t('people.none')} hint={t('people.noneHint')} />}
        count={(count, more) => t(more ? 'people.shownSoFar' : 'people.shownAll', { count })}
      >
        {(items) => <AccountTable items={items} busy={list.isPlaceholderData} />}
      </Pages>
    </PeopleFrame>
  );
}
