import { getRouteApi } from '@tanstack/react-router';
import { Button, Segmented, Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Failure } from '../ui/Failure.tsx';
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
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
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
      {list.error === null ? null : <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending ? <Spin description={t('loading')} delay={300} className="screen-spin" /> : null}
      {list.isSuccess && items.length === 0 ? (
        <EmptyState
          title={t(shown === 'open' ? 'assets.questions.none' : 'assets.questions.noneResolved')}
          hint={t(shown === 'open' ? 'assets.questions.noneHint' : 'assets.questions.noneResolvedHint')}
        />
      ) : null}
      {items.map((task) => (
        <QuestionCard key={task.id} task={task} />
      ))}
      {list.hasNextPage ? (
        <Button onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
          {t('assets.questions.more')}
        </Button>
      ) : null}
    </AssetsFrame>
  );
}
