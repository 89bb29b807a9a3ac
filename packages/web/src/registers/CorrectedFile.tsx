import type { RegisterImport } from '@backcheck/contract';
import { useNavigate } from '@tanstack/react-router';
import { Button, Upload } from 'antd';
import { useTranslation } from 'react-i18next';
import { Failure } from '../ui/Failure.tsx';
import { useSendFile } from './use-register-imports.ts';

export const FILES = '.xlsx,.csv';

interface CorrectedFileProps {
  readonly of: RegisterImport;
  /** It is what most people want now. */
  readonly urgent: boolean;
}

/** Sends the file again after it was mended: a new import with the same node and columns. */
export function CorrectedFile({ of, urgent }: CorrectedFileProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const sending = useSendFile();
  const send = (file: File) =>
    sending.mutate(
      { file, organizationId: of.organizationId, corrects: of },
      { onSuccess: ({ id }) => void navigate({ to: '/registers/import/$id', params: { id } }) },
    );
  return (
    <>
      <Upload
        accept={FILES}
        showUploadList={false}
        beforeUpload={(file) => {
          send(file);
          return Upload.LIST_IGNORE;
        }}
      >
        <Button type={urgent ? 'primary' : 'default'} loading={sending.isPending}>
          {t('registers.check.corrected')}
        </Button>
      </Upload>
      {sending.error === null ? null : <Failure error={sending.error} />}
    </>
  );
}
