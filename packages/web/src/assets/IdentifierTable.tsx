import { type AssetPage, IDENTIFIER_LABELS } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Day, Days } from './Day.tsx';
import { shortName } from './short-name.ts';

/** Which identifier from when until when, and who else had it. */
export function IdentifierTable({ page }: { readonly page: AssetPage }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { identifiers } = page.asset;
  if (identifiers.length === 0) return <p className="hint">{t('assets.identifiers.none')}</p>;
  return (
    <table className="quiet identifiers">
      <thead>
        <tr>
          <th scope="col">{t('assets.identifiers.kind')}</th>
          <th scope="col">{t('assets.identifiers.value')}</th>
          <th scope="col">{t('assets.identifiers.first')}</th>
          <th scope="col">{t('assets.identifiers.last')}</th>
          <th scope="col">{t('assets.identifiers.others')}</th>
        </tr>
      </thead>
      <tbody>
        {identifiers.map(({ kind, value, firstSeen, lastSeen }) => (
          <tr key={`${kind}:${value}`}>
            <td className="kind">{IDENTIFIER_LABELS[kind][language]}</td>
            <th scope="row">{value}</th>
            <td data-label={t('assets.identifiers.first')}>
              <Day at={firstSeen} />
            </td>
            <td data-label={t('assets.identifiers.last')}>
              <Day at={lastSeen} />
            </td>
            <Others holders={page.holders.filter((one) => one.kind === kind && one.value === value)} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Others({ holders }: Pick<AssetPage, 'holders'>) {
  const { t } = useTranslation();
  if (holders.length === 0) return <td />;
  return (
    <td data-label={t('assets.identifiers.others')}>
      {holders.map((one) => (
        <span key={one.assetId} className="identifier">
          <Link to="/assets/$assetId" params={{ assetId: one.assetId }}>
            {shortName(one.identity)}
          </Link>{' '}
          <span className="hint">
            <Days {...one} />
          </span>
        </span>
      ))}
    </td>
  );
}
