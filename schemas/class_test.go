package schemas

import "testing"

// TestDecoderVersion fails where the embedded ABIs are others than those that [DecoderVersion] names.
func TestDecoderVersion(t *testing.T) {
	const abis = "06a58ea9bbd8ac50"
	if got := ABISet(); got != abis {
		t.Errorf("the embedded ABIs are %s, and version %d of the decoder has %s: raise DecoderVersion, so that read models are made anew", got, DecoderVersion, abis)
	}
}
