import type { LookBackDetail } from '@backcheck/contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../ui/CopyButton.tsx';

/** Seed, method and hashes, and how anybody can repeat the draw without this server. */
export function DrawFacts({ of: one }: { readonly of: LookBackDetail }) {
  const { t } = useTranslation();
  const { id, seed, method, sample, strata, publishedIn, drawnIn, populationSha256, drawnSha256 } = one;
  const command = commandOf(one);
  return (
    <section className="panel" aria-labelledby="draw-title">
      <h2 id="draw-title">{t('lookBacks.facts.title')}</h2>
      <dl className="pairs">
        <Fact label={t('lookBacks.seed')} code={seed} />
        <Fact label={t('lookBacks.facts.method')} code={method}>
          {sample === null ? t('lookBacks.all') : t('lookBacks.facts.size', { count: sample })}
          {' · '}
          {t(`lookBacks.strataKinds.${strata}`)}
        </Fact>
        <Fact label={t('lookBacks.facts.publishedIn')} code={publishedIn.hash}>
          {t('lookBacks.facts.entry', { chain: publishedIn.chain, seq: publishedIn.seq })}
        </Fact>
        {drawnIn === null ? null : (
          <Fact label={t('lookBacks.facts.drawnIn')} code={drawnIn.hash}>
            {t('lookBacks.facts.entry', { chain: drawnIn.chain, seq: drawnIn.seq })}
          </Fact>
        )}
        {populationSha256 === null ? null : (
          <Fact label={t('lookBacks.facts.population')} code={populationSha256} />
        )}
        {drawnSha256 === null ? null : <Fact label={t('lookBacks.facts.drawn')} code={drawnSha256} />}
      </dl>
      {drawnIn === null ? (
        <p className="hint">{t('lookBacks.facts.later')}</p>
      ) : (
        <>
          <h3>{t('lookBacks.facts.repeat')}</h3>
          <p>
            <a href={`/api/v1/look-backs/${id}/population`} download>
              {t('lookBacks.facts.download')}
            </a>
          </p>
          <pre className="command">{command}</pre>
          <CopyButton text={command} label={t('lookBacks.facts.copy')} />
          <p className="hint">{t('lookBacks.facts.repeatHint')}</p>
        </>
      )}
    </section>
  );
}

interface FactProps {
  readonly label: string;
  readonly code: string;
  readonly children?: ReactNode;
}

function Fact({ label, code, children }: FactProps) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <code>{code}</code>
        {children === undefined ? null : <p className="hint">{children}</p>}
      </dd>
    </div>
  );
}

function commandOf({ id, seed, sample, strata }: LookBackDetail): string {
  const size = sample === null ? '' : ` --sample ${sample}`;
  return `backcheck draw look-back-${id}-population.jsonl --seed ${seed}${size} --strata ${strata}`;
}
