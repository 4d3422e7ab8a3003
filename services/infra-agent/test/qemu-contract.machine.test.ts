import { beforeAll } from '@jest/globals'
import { describeDriver } from '../src/drivers/driver.contract.ts'
import { goldenImage } from './support/golden-image.ts'
import { IMAGE_MS, makeQemu } from './support/qemu.ts'

beforeAll(() => goldenImage(), IMAGE_MS)

describeDriver('qemu', makeQemu)
