import { describeStorms } from './support/describe-storms.ts'

describeStorms({ index: 0, of: 2 })
