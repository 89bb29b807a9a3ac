import { type Calendar, CalendarContent, type TakeInCalendar } from '@backcheck/contract';
import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { useAccess } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { FileButton } from '../ui/FileButton.tsx';
import { useTakeInCalendar } from './use-deadlines.ts';

/** The next version of a calendar: some years as CSV, or all of it as JSON. */
export function CalendarUpload({ calendars }: { readonly calendars: readonly Calendar[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const home = useAccess().data?.home ?? null;
  const [code, setCode] = useState(calendars[0]?.content.code ?? '');
  const [node, setNode] = useState<string | null>();
  const takeIn = useTakeInCalendar();
  const [file, setFile] = useState<File>();
  const organizationId = node === undefined ? home : node;
  const send = async () => {
    if (file !== undefined) takeIn.mutate(wanted(await file.text(), { organizationId, code }));
  };
  const codes = new Map(calendars.map(({ content }) => [content.code, content.title[language]]));
  return (
    <section className="panel" aria-labelledby="calendar-upload">
      <h2 id="calendar-upload">{t('deadlines.calendars.upload')}</h2>
      <p className="hint">{t('deadlines.calendars.uploadHint')}</p>
      <div className="steps draft-form">
        <Field id="calendar-code" label={t('deadlines.calendars.title')}>
          <Select
            id="calendar-code"
            value={code}
            options={[...codes].map(([value, label]) => ({ value, label }))}
            onChange={setCode}
          />
        </Field>
        <Field id="calendar-node" label={t('deadlines.calendars.node')}>
          <OrganizationSelect
            id="calendar-node"
            allowClear
            value={organizationId ?? undefined}
            placeholder={t('deadlines.policies.everywhere')}
            onChange={(id) => setNode(id ?? null)}
          />
        </Field>
        <div className="field">
          <FileButton
            id="calendar-file"
            label={t('deadlines.calendars.file')}
            chosen={file?.name}
            accept=".csv,.json,text/csv,application/json"
            onChange={({ target }) => setFile(target.files?.[0])}
          />
        </div>
        <div className="steps-end">
          <Button type="primary" loading={takeIn.isPending} onClick={() => void send()}>
            {t('deadlines.calendars.upload')}
          </Button>
        </div>
      </div>
      {takeIn.error === null ? null : <Failure error={takeIn.error} />}
      <p role="status">{takeIn.isSuccess ? t('deadlines.calendars.uploaded') : null}</p>
    </section>
  );
}

interface Target {
  readonly organizationId: string | null;
  readonly code: string;
}

/** What is no calendar in JSON is taken for CSV; the server says which line is none. */
function wanted(text: string, { organizationId, code }: Target): TakeInCalendar {
  try {
    return { organizationId, content: CalendarContent.parse(JSON.parse(text)) };
  } catch {
    return { organizationId, code, csv: text };
  }
}
