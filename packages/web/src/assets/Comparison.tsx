import { type Asset, IDENTIFIER_LABELS, type IdentityTask } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { AssetName } from './AssetName.tsx';
import { type Compared, compare } from './compare.ts';
import { Days } from './Day.tsx';

interface ComparisonProps {
  /** One or two. */
  readonly assets: readonly Asset[];
  /** What the question is about. */
  readonly identifier: IdentityTask['identifier'];
}

/** What assets share and what differs, each with the time in which it was seen. */
export function Comparison({ assets, identifier }: ComparisonProps) {
  const { t } = useTranslation();
  const { shared, differs } = compare(assets.map((one) => one.identifiers));
  return (
    <table className="quiet comparison">
      <thead>
        <tr>
          <td />
          {assets.map((one) => (
            <th key={one.id} scope="col">
              <Link to="/assets/$assetId" params={{ assetId: one.id }}>
                <AssetName identity={one.identity} />
              </Link>
              <span className="identifier hint">
                {one.openFindings === 0
                  ? t('assets.noOpenFindings')
                  : t('assets.openFindings', { count: one.openFindings })}
              </span>
            </th>
          ))}
        </tr>
      </thead>
      {assets.length === 1 ? (
        <Rows rows={[...shared, ...differs]} title={null} marked={identifier} />
      ) : (
        <>
          <Rows rows={shared} title={t('assets.questions.shared')} marked={identifier} />
          <Rows rows={differs} title={t('assets.questions.differs')} marked={identifier} />
        </>
      )}
    </table>
  );
}

interface RowsProps {
  readonly rows: readonly Compared[];
  readonly title: string | null;
  readonly marked: IdentityTask['identifier'];
}

function Rows({ rows, title, marked }: RowsProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (rows.length === 0) return null;
  return (
    <tbody>
      {title === null ? null : (
        <tr>
          <th scope="rowgroup" colSpan={(rows[0]?.seen.length ?? 0) + 1} className="group">
            {title}
          </th>
        </tr>
      )}
      {rows.map(({ kind, value, seen }) => (
        <tr
          key={`${kind}:${value}`}
          className={kind === marked.kind && value === marked.value ? 'marked' : undefined}
        >
          <th scope="row">
            {value} <small>{IDENTIFIER_LABELS[kind][language]}</small>
          </th>
          {seen.map((one, column) => (
            // The columns are the assets, in their fixed order.
            <td key={String(column)}>
              {one === null ? <NotSeen text={t('assets.questions.notSeen')} /> : <Days {...one} />}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

const NotSeen = ({ text }: { readonly text: string }) => <span className="hint">{text}</span>;
