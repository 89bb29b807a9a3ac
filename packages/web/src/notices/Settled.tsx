import type { NoticeDetail } from '@backcheck/contract';
import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { DraftChanged } from './use-notices.ts';

interface SettledProps {
  readonly notice: NoticeDetail;
  /** Sends the draft without them. */
  readonly leaving: { readonly isPending: boolean; readonly mutate: (changed: DraftChanged) => void };
}

/** What it demands although it is proven gone or decided otherwise by now: nobody issues it like this. */
export function Settled({ notice: { settled, draft, mayChange, tag }, leaving }: SettledProps) {
  const { t } = useTranslation();
  if (settled.length === 0 || draft === null) return null;
  const rest = draft.findingIds.filter((id) => !settled.includes(id));
  return (
    <Alert
      className="notice-settled"
      type="warning"
      showIcon
      title={t('notices.settled.title', { count: settled.length })}
      description={t(
        `notices.settled.${mayChange ? (rest.length > 0 ? 'inDraft' : 'nothingLeft') : 'frozen'}`,
      )}
      action={
        mayChange && rest.length > 0 ? (
          <Button
            loading={leaving.isPending}
            onClick={() => leaving.mutate({ draft: { ...draft, findingIds: rest }, tag })}
          >
            {t('notices.settled.leaveOut', { count: settled.length })}
          </Button>
        ) : undefined
      }
    />
  );
}
