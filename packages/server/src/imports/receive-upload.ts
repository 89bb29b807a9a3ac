import { CreateImportFields } from '@backcheck/contract';
import type { FastifyRequest } from 'fastify';
import {
  type Form,
  readFields,
  receiveForm,
  type Store,
  type Upload,
} from '../platform/files/receive-form.ts';

export type ScanUpload = Upload<CreateImportFields>;

const IMPORT_FORM: Form<CreateImportFields> = { read: readFields(CreateImportFields), most: 20 };

/** The form of `POST /api/v1/imports`. */
export function receiveUpload(request: FastifyRequest, store: Store): Promise<ScanUpload> {
  return receiveForm(request, store, IMPORT_FORM);
}
