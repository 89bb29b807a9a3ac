import type { AssetPage } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { When } from '../ui/When.tsx';
import { shortName } from './short-name.ts';

/** The latest scans that count for this asset, and what came of each. */
export function VisitTable({ visits }: { readonly visits: AssetPage['visits'] }) {
  const { t } = useTranslation();
  if (visits.length === 0) return <p className="hint">{t('assets.visits.none')}</p>;
  return (
    <table className="quiet visits">
      <thead>
        <tr>
          <th scope="col">{t('assets.visits.when')}</th>
          <th scope="col">{t('assets.visits.tool')}</th>
          <th scope="col">{t('assets.visits.file')}</th>
          <th scope="col">{t('assets.visits.result')}</th>
        </tr>
      </thead>
      <tbody>
        {visits.map(({ scanId, tool, fileName, startedAt, importedAt, reached, named }) => (
          <tr key={`${scanId} ${named}`}>
            <td>
              {startedAt === null ? (
                <span className="hint">
                  {t('assets.visits.noTime')} <When at={importedAt} />
                </span>
              ) : (
                <When at={startedAt} />
              )}
            </td>
            <td>{tool}</td>
            <td className="file-name">{fileName}</td>
            <td>
              {t(reached ? 'assets.visits.reached' : 'assets.visits.notReached')}
              {named === null ? null : (
                <span className="hint"> {t('assets.visits.named', { name: shortName(named) })}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
