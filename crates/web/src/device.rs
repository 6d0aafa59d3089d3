//! The page of a member's devices: which there are, since when each signs, and who vouches for it.

pub(crate) mod sign;

use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::response::{Html, IntoResponse, Response};
use engine::Act;
use engine::act::{ConfirmDevice, EnrolDevice, RevokeDevice, SignOnly};
use serde::Deserialize;
use views::RefusalView;
use views::device::DevicesView;

use crate::form::{Fields, value};
use crate::frame::{Frame, render, see};
use crate::trouble::Trouble;
use crate::visit::Visitor;

#[derive(Template)]
#[template(path = "device/show.html")]
struct DevicesPage {
    frame: Frame,
    view: DevicesView,
    no: Option<RefusalView>,
}

/// The parameters of the page's address.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
    /// The key of a browser that waits to be enrolled by this one, hex.
    #[serde(default)]
    add: String,
    /// The member whose devices are to be compared with.
    #[serde(default)]
    of: String,
}

fn page(visitor: &Visitor, asked: &Asked) -> Result<DevicesPage, Trouble> {
    visitor.me()?;
    visitor.see(|sight, coop| {
        let view = views::device::devices(sight, coop.id(), &asked.add, &asked.of).ok_or(Trouble::Absent)?;
        Ok(DevicesPage { frame: visitor.frame(sight, "me", "/me/devices", asked.done.as_deref()), view, no: None })
    })
}

pub(crate) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Result<Html<String>, Trouble> {
    render(&page(&visitor, &asked)?)
}

pub(crate) async fn take(visitor: Visitor, Form(fields): Form<Fields>) -> Result<Response, Trouble> {
    let member = visitor.me()?;
    let device = value(&fields, "device").parse::<u64>();
    let device = || device.clone().map_err(|_| Trouble::bad("device", words::device::NO_NUMBER));
    let (act, done) = match value(&fields, "do") {
        "enrol" => (Act::EnrolDevice(EnrolDevice { member, public: value(&fields, "public").to_owned() }), "enrolled"),
        "confirm" => (Act::ConfirmDevice(ConfirmDevice { member, device: device()? }), "confirmed"),
        "revoke" => (Act::RevokeDevice(RevokeDevice { member, device: device()? }), "revoked"),
        "sign-only" => (Act::SignOnly(SignOnly { member, on: true }), "sign-only"),
        "not-sign-only" => (Act::SignOnly(SignOnly { member, on: false }), "not-sign-only"),
        _ => return Err(Trouble::bad("do", words::form::ODD_SHAPE)),
    };
    match visitor.act(move |_, _| Ok(vec![act])).await {
        Ok(()) => Ok(see(&format!("/me/devices?done=device-{done}"))),
        Err(trouble) => {
            let status = trouble.status();
            let Trouble::Refused(no) = trouble else { return Err(trouble) };
            let shown = page(&visitor, &Asked::default())?;
            Ok((status, render(&DevicesPage { no: Some(no), ..shown })?).into_response())
        }
    }
}
