import type { OpenSession } from '@backcheck/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Failure } from '../ui/Failure.tsx';
import { Moment } from '../ui/Moment.tsx';
import { deviceOf } from './device.ts';
import { useEndOtherSessions, useEndSession, useSessions } from './use-account.ts';

export function Sessions() {
  const { t } = useTranslation();
  const { data, error } = useSessions();
  const end = useEndSession();
  const endOthers = useEndOtherSessions();
  const items = data?.items ?? [];
  const failure = error ?? end.error ?? endOthers.error;
  return (
    <section className="block" aria-labelledby="sessions-title">
      <h2 id="sessions-title">{t('account.sessions.title')}</h2>
      {failure === null ? null : <Failure error={failure} />}
      {items.length === 0 ? null : (
        <table className="quiet stacked" aria-labelledby="sessions-title">
          <thead>
            <tr>
              <th scope="col">{t('account.sessions.device')}</th>
              <th scope="col">{t('account.sessions.address')}</th>
              <th scope="col">{t('account.sessions.started')}</th>
              <th scope="col">{t('account.sessions.seen')}</th>
              <th scope="col" aria-label={t('account.sessions.end')} />
            </tr>
          </thead>
          <tbody>
            {items.map((one) => (
              <SessionRow
                key={one.id}
                session={one}
                ending={end.isPending && end.variables === one.id}
                onEnd={() => end.mutate(one.id)}
              />
            ))}
          </tbody>
        </table>
      )}
      {items.length < 2 ? null : (
        <div className="actions">
          <Button loading={endOthers.isPending} onClick={() => endOthers.mutate(undefined)}>
            {t('account.sessions.endOthers')}
          </Button>
        </div>
      )}
    </section>
  );
}

interface SessionRowProps {
  readonly session: OpenSession;
  readonly ending: boolean;
  readonly onEnd: () => void;
}

function SessionRow({ session, ending, onEnd }: SessionRowProps) {
  const { t } = useTranslation();
  const device = deviceOf(session.userAgent);
  const name =
    device === null
      ? (session.userAgent?.slice(0, 60) ?? t('account.sessions.unknown'))
      : t('account.sessions.deviceOn', { ...device });
  return (
    <tr>
      <th scope="row">{name}</th>
      <td data-label={t('account.sessions.address')}>{session.address ?? ''}</td>
      <td data-label={t('account.sessions.started')}>
        <Moment at={session.startedAt} />
      </td>
      <td data-label={t('account.sessions.seen')}>
        <Moment at={session.seenAt} />
      </td>
      <td className="number">
        {session.current ? (
          <span className="tag">{t('account.sessions.current')}</span>
        ) : (
          <Button
            size="small"
            aria-label={t('account.sessions.endNamed', { device: name })}
            loading={ending}
            onClick={onEnd}
          >
            {t('account.sessions.end')}
          </Button>
        )}
      </td>
    </tr>
  );
}
