/**
 * A refusal in the words of Supabase Storage: the true status stands in the body as a string, and
 * HTTP says 400 for all of them but a fault of the server. TUS routes say the true status.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly status: number
  readonly code: string
  readonly title: string

  constructor(status: number, code: string, text: { title: string; message: string }) {
    super(text.message)
    this.status = status
    this.code = code
    this.title = text.title
  }

  get httpStatus(): number {
    return this.status >= 500 ? this.status : 400
  }

  toBody(): Record<string, string> {
    return {
      statusCode: String(this.status),
      code: this.code,
      error: this.title,
      message: this.message,
    }
  }
}

export const storageErrors = {
  noSuchBucket: () =>
    new StorageError(404, 'NoSuchBucket', {
      title: 'Bucket not found',
      message: 'Bucket not found',
    }),
  noSuchKey: () =>
    new StorageError(404, 'NoSuchKey', { title: 'not_found', message: 'Object not found' }),
  noSuchUpload: () =>
    new StorageError(404, 'NoSuchUpload', { title: 'not_found', message: 'Upload not found' }),
  duplicate: () =>
    new StorageError(409, 'ResourceAlreadyExists', {
      title: 'Duplicate',
      message: 'The resource already exists',
    }),
  duplicateBucket: () =>
    new StorageError(409, 'ResourceAlreadyExists', {
      title: 'Duplicate',
      message: 'The resource already exists',
    }),
  notEmpty: () =>
    new StorageError(409, 'BucketNotEmpty', {
      title: 'InvalidRequest',
      message: 'The bucket you tried to delete is not empty',
    }),
  accessDenied: (message = 'new row violates row-level security policy') =>
    new StorageError(403, 'AccessDenied', { title: 'Unauthorized', message: message }),
  invalidJwt: (message: string) =>
    new StorageError(400, 'InvalidJWT', { title: 'InvalidJWT', message: message }),
  noToken: () =>
    new StorageError(400, 'InvalidRequest', {
      title: 'Error',
      message: "headers must have required property 'authorization'",
    }),
  invalidSignature: (message = 'Invalid signature') =>
    new StorageError(400, 'InvalidSignature', { title: 'InvalidSignature', message: message }),
  invalidKey: (name: string) =>
    new StorageError(400, 'InvalidKey', {
      title: 'InvalidKey',
      message: `Invalid key: ${name.slice(0, 200)}`,
    }),
  invalid: (message: string) =>
    new StorageError(400, 'InvalidRequest', { title: 'invalid_request', message: message }),
  tooLarge: () =>
    new StorageError(413, 'EntityTooLarge', {
      title: 'Payload too large',
      message: 'The object exceeded the maximum allowed size',
    }),
  mimeType: (type: string) =>
    new StorageError(415, 'InvalidMimeType', {
      title: 'invalid_mime_type',
      message: `mime type ${type.slice(0, 100)} is not supported`,
    }),
  incomplete: () =>
    new StorageError(400, 'InvalidRequest', {
      title: 'invalid_request',
      message: 'the body ended before its length',
    }),
  range: () =>
    new StorageError(416, 'InvalidRange', {
      title: 'InvalidRange',
      message: 'The requested range is not satisfiable',
    }),
  unsupported: (what: string) =>
    new StorageError(501, 'NotImplemented', {
      title: 'not_implemented',
      message: `the local Supabase stand-in does not support ${what}`,
    }),
} as const
