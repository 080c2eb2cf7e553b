package fidelity

import (
	"bytes"
	"image"
	"image/png"

	"github.com/concors/concors/cors/fetch"
)

// content is a body that a feature can make something of, so that what the page reports is the fetch and not the content.
type content struct {
	mime string // for an answer that has no Content-Type of its own; empty for none
	body []byte
}

func contentOf(i fetch.Initiator) content {
	switch i {
	case fetch.InitiatorImage, fetch.InitiatorCSSImage:
		return content{"image/png", pixel()}
	case fetch.InitiatorScript, fetch.InitiatorModuleScript:
		return content{"text/javascript", []byte("{}")}
	case fetch.InitiatorWorker:
		return content{"text/javascript", []byte("postMessage(1)")}
	case fetch.InitiatorStyle:
		return content{"text/css", []byte("a{}")}
	case fetch.InitiatorEventSource:
		return content{"text/event-stream", []byte("data: x\n\n")}
	case fetch.InitiatorIframe, fetch.InitiatorForm, fetch.InitiatorLink:
		return content{"text/html", []byte("<title>x</title>")}
	}
	return content{"", []byte("{}")}
}

// pixel is a PNG of one pixel.
func pixel() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		panic("concors: internal error: encode a pixel: " + err.Error())
	}
	return b.Bytes()
}
