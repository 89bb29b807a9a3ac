import { QUEUE_REASON_LABEL, type QueueItem } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { Button, Checkbox } from 'antd';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { AssetName } from '../assets/AssetName.tsx';
import { shortName } from '../assets/short-name.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { age, localInstant } from '../ui/instant.ts';
import { SeverityMark } from '../ui/SeverityMark.tsx';

interface Choice {
  /** Ids of assets. */
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
  readonly onGive: (item: QueueItem) => void;
}

interface QueueTableProps {
  readonly items: readonly QueueItem[];
  readonly busy: boolean;
  /** null: this person hands nothing over. */
  readonly choice: Choice | null;
}

export function QueueTable({ items, busy, choice }: QueueTableProps) {
  const { t } = useTranslation();
  const withGuess = items.filter(({ guess }) => guess !== null).map(({ asset }) => asset.id);
  const all = withGuess.length > 0 && withGuess.every((id) => choice?.chosen.has(id));
  return (
    <table className="quiet stacked queue-table" aria-label={t('ownership.queue.title')} aria-busy={busy}>
      <thead>
        <tr>
          {choice === null ? null : (
            <td>
              <Checkbox
                aria-label={t('ownership.queue.chooseAll')}
                disabled={withGuess.length === 0}
                checked={all}
                onChange={() => choice.onChoose(new Set(all ? [] : withGuess))}
              />
            </td>
          )}
          <th scope="col">{t('assets.columns.asset')}</th>
          <th scope="col">{t('organization.label')}</th>
          <th scope="col">{t('ownership.queue.reason')}</th>
          <th scope="col">{t('ownership.queue.age')}</th>
          <th scope="col">{t('assets.columns.open')}</th>
          <th scope="col">{t('ownership.queue.suggested')}</th>
          {choice === null ? null : <th scope="col">{t('ownership.queue.handOver')}</th>}
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <QueueRow key={item.asset.id} item={item} choice={choice} />
        ))}
      </tbody>
    </table>
  );
}

function QueueRow({ item, choice }: { readonly item: QueueItem; readonly choice: Choice | null }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { asset, organization, reason, since, guess, guessHidden, dispute, openFindings, worst } = item;
  const name = shortName(asset.identity);
  return (
    <tr>
      {choice === null ? null : (
        <td>
          <Checkbox
            aria-label={t('ownership.queue.choose', { name })}
            disabled={guess === null}
            checked={choice.chosen.has(asset.id)}
            onChange={({ target }) => {
              const next = new Set(choice.chosen);
              if (target.checked) next.add(asset.id);
              else next.delete(asset.id);
              choice.onChoose(next);
            }}
          />
        </td>
      )}
      <th scope="row">
        <Link to="/assets/$assetId" params={{ assetId: asset.id }}>
          <AssetName identity={asset.identity} />
        </Link>
      </th>
      <td data-label={t('organization.label')}>
        <OrganizationName of={organization} />
      </td>
      <td>
        {QUEUE_REASON_LABEL[reason][language]}
        {dispute === null ? null : (
          <small className="identifier">{t('ownership.queue.saidNotOurs', dispute)}</small>
        )}
      </td>
      <td data-label={t('ownership.queue.age')}>
        <time dateTime={since} title={localInstant(since)}>
          {age(since, Date.now(), language)}
        </time>
      </td>
      <td data-label={t('assets.columns.open')}>
        {openFindings} {worst === null ? null : <SeverityMark severity={worst} />}
      </td>
      <td data-label={t('ownership.queue.suggested')}>
        {guess === null ? (
          <span className="hint">
            {t(guessHidden ? 'ownership.queue.hidden' : 'ownership.queue.noSuggestion')}
          </span>
        ) : (
          <OrganizationName of={guess} />
        )}
      </td>
      {choice === null ? null : (
        <td>
          <Button
            size="small"
            aria-label={t('ownership.queue.handOverNamed', { name })}
            onClick={() => choice.onGive(item)}
          >
            {t('ownership.queue.handOver')}
          </Button>
        </td>
      )}
    </tr>
  );
}
