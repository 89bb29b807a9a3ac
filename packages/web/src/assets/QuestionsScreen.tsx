import { getRouteApi } from '@tanstack/react-router';
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Pages } from '../ui/Pages.tsx';
import { useTitle } from '../ui/use-title.ts';
import { AssetsFrame, OrganizationChoice } from './AssetsFrame.tsx';
import { QuestionCard } from './QuestionCard.tsx';
import { readAssetSearch } from './search.ts';
import { useQuestions } from './use-questions.ts';

const route = getRouteApi('/assets/questions');

export function QuestionsScreen() {
  const { t } = useTranslation();
  useTitle(t('assets.tabs.questions'));
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useQuestions(search);
  const shown = search.state ?? 'open';
  const change = (part: Record<string, string | undefined>) =>
    void navigate({ search: (before) => readAssetSearch({ ...before, ...part }), replace: true });
  return (
    <AssetsFrame title={t('assets.tabs.questions')} organizationId={search.organizationId}>
      <p className="lead">{t('assets.questions.lead')}</p>
      <div className="asset-filters">
        <OrganizationChoice
          allowAll
          value={search.organizationId}
          onChange={(organizationId) => change({ organizationId })}
        />
        <Segmented<'open' | 'resolved'>
          aria-label={t('assets.questions.show')}
          value={shown}
          options={[
            { value: 'open', label: t('assets.questions.open') },
            { value: 'resolved', label: t('assets.questions.resolved') },
          ]}
          onChange={(state) => change({ state })}
        />
      </div>
      <Pages
        list={list}
        empty={
          <EmptyState
            title={t(shown === 'open' ? 'assets.questions.none' : 'assets.questions.noneResolved')}
            hint={t(shown === 'open' ? 'assets.questions.noneHint' : 'assets.questions.noneResolvedHint')}
          />
        }
        more={t('assets.questions.more')}
      >
        {(items) => (
          <>
            {' '}
            {items.map((task) => (
              <QuestionCard key={task.id} task={task} />
            ))}
          </>
        )}
      </Pages>
    </AssetsFrame>
  );
}
