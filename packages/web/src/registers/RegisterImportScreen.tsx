import type { RegisterImport } from '@backcheck/contract';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Alert, Spin } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { fileSize } from '../ui/file-size.ts';
import { useTitle } from '../ui/use-title.ts';
import { When } from '../ui/When.tsx';
import { Applied } from './Applied.tsx';
import { ApplyStep } from './ApplyStep.tsx';
import { CheckStep } from './CheckStep.tsx';
import { ColumnsStep } from './ColumnsStep.tsx';
import { Moving } from './Moving.tsx';
import { StateTag } from './StateTag.tsx';
import { type Step, Steps } from './Steps.tsx';
import { useRegisterImport } from './use-register-imports.ts';
import './registers.css';

const route = getRouteApi('/registers/import/$id');

/** One import from its columns to its end; the address stays the same, so it can be left and found again. */
export function RegisterImportScreen() {
  const { id } = route.useParams();
  const { t } = useTranslation();
  useTitle(t('registers.title'));
  const { data, error, refetch } = useRegisterImport(id);
  const failure = error === null ? null : <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined && failure !== null) return failure;
  if (data === undefined) return <Spin description={t('loading')} delay={300} className="screen-spin" />;
  return (
    <div className="screen">
      <Link className="back" to="/registers/import">
        ← {t('registers.back')}
      </Link>
      <Head of={data} />
      {failure}
      <Panels key={id} of={data} />
    </div>
  );
}

function Head({ of }: { readonly of: RegisterImport }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <>
      <h1>{t('registers.title')}</h1>
      <ul className="facts">
        <li className="file-name">{of.fileName}</li>
        <li>{fileSize(of.sizeBytes, language)}</li>
        {of.organizationId === null ? null : (
          <li>
            <OrganizationName of={{ id: of.organizationId, name: '' }} />
          </li>
        )}
        <li>{of.createdBy}</li>
        <li>
          <When at={of.createdAt} />
        </li>
        <li>
          <StateTag state={of.state} />
        </li>
      </ul>
    </>
  );
}

/** What a person wants to see of an import that was checked; null: the rows. */
type Wish = 'columns' | 'apply' | null;

const STEP_OF: Readonly<Record<RegisterImport['state'], Step>> = {
  uploaded: 'columns',
  staging: 'check',
  ready: 'check',
  applying: 'apply',
  applied: 'apply',
  undoing: 'apply',
  undone: 'check',
};

function Panels({ of }: { readonly of: RegisterImport }) {
  const language = useLanguage();
  const [wish, setWish] = useState<Wish>(null);
  const decidable = of.state === 'ready' || of.state === 'undone';
  const step = decidable && wish !== null ? wish : STEP_OF[of.state];
  useFocusOn(`${of.state} ${step}`);
  // Every step that the server takes is a new beginning.
  const { stagedAt, state } = of;
  useEffect(() => setWish(null), [state, stagedAt]);
  return (
    <>
      <Steps current={step} />
      {of.problem === null ? null : (
        <Alert
          className="import-problem"
          type="warning"
          showIcon
          title={of.problem.title[language]}
          description={[of.problem.detail[language], of.problem.position].filter(Boolean).join(' · ')}
        />
      )}
      {of.state === 'staging' || of.state === 'applying' || of.state === 'undoing' ? (
        <Moving state={of.state} progress={of.progress} />
      ) : null}
      {step === 'columns' ? <ColumnsStep of={of} onBack={() => setWish(null)} /> : null}
      {decidable && step === 'check' ? <CheckStep of={of} onGo={setWish} /> : null}
      {decidable && step === 'apply' ? <ApplyStep of={of} onBack={() => setWish(null)} /> : null}
      {of.state === 'applied' ? <Applied of={of} /> : null}
    </>
  );
}

/** Whoever works with the keyboard or hears the screen goes on where the new step begins (WCAG 2.4.3). */
function useFocusOn(panel: string): void {
  const shown = useRef(panel);
  useEffect(() => {
    if (shown.current === panel) return;
    shown.current = panel;
    document.getElementById('step-title')?.focus();
  }, [panel]);
}
